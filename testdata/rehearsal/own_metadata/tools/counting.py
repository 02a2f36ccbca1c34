"""A build backend that computes what is dynamic from the project's files."""
import os


class Backend:
    def get_requires_for_build_wheel(self, config_settings=None):
        print("nothing is needed")
        return []

    def prepare_metadata_for_build_wheel(self, metadata_directory, config_settings=None):
        with open("parcel/counts.txt", encoding="utf-8") as file:
            version = ".".join(file.read().split())
        with open("left-here.txt", "w", encoding="utf-8") as file:
            file.write("the project itself does not get this file")
        name = f"parcel_kit-{version}.dist-info"
        os.mkdir(os.path.join(metadata_directory, name))
        modules = sorted(entry[:-3] for entry in os.listdir("parcel") if entry.endswith(".py") and entry[0] != "_")
        points = "".join(f"{module} = parcel.{module}:Wrap\n" for module in modules)
        for file, text in {
            "METADATA": f"Metadata-Version: 2.1\nName: parcel-kit\nVersion: {version}\nSummary: Wraps things\n\n# Parcels\n\n{len(modules)} kinds\n",
            "entry_points.txt": f"[console_scripts]\nparcel = parcel:main\n\n[parcel.wraps]\n{points}",
        }.items():
            with open(os.path.join(metadata_directory, name, file), "w", encoding="utf-8") as out:
                out.write(text)
        return name


backend = Backend()
