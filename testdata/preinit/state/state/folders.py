"""The file system at start: mounted folders, the current folder, bundled files."""
import importlib.resources
import os
import pathlib
import shutil
import tempfile

HERE = pathlib.Path(__file__).parent
RELATIVE = pathlib.Path("work") / "in.txt"
FILES = importlib.resources.files("state")


def check_bundled():
    print((HERE / "data" / "lines.txt").read_text().splitlines(), sorted(path.name for path in (HERE / "data").iterdir()))
    print((FILES / "data" / "lines.txt").read_bytes(), FILES.joinpath("data", "none").is_file())
    with importlib.resources.as_file(FILES / "data" / "lines.txt") as path, open(path) as file:
        print(next(file), path.name, file.read())


def check_mounted():
    """`work` is mounted, and below the current folder of a native run."""
    print(RELATIVE.read_text(), RELATIVE.exists(), os.path.getsize(RELATIVE))
    with open("work/out.txt", "w") as file:
        file.write("written")
    os.makedirs("work/deep/er")
    shutil.copy("work/out.txt", "work/deep/er/copy.txt")
    os.chdir("work")
    print(sorted(os.listdir()), open("deep/er/copy.txt").read(), os.path.basename(os.getcwd()))
    print(sorted(str(path) for path in pathlib.Path().rglob("*")))
    shutil.rmtree("deep")
    with tempfile.TemporaryDirectory(dir=".") as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"1")
        file.flush()
        print(os.path.getsize(file.name), len(os.listdir(folder)))
    print(sorted(os.listdir(".")))


def check_temporary():
    """A folder is mounted at /tmp."""
    print(tempfile.gettempdir())
    with tempfile.TemporaryFile("w+") as file:
        file.write("text")
        file.seek(0)
        print(file.read())
