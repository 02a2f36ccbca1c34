"""Finds the modules that C code imports by name.

In: the cross build's source tree and its Setup files. Out: {builtin module: sorted names}, with "" for the interpreter's core
(Python/, Objects/, Parser/, our runtime/). It is read from the sources: calls of the import functions,
also through a file's own helper functions and macros, with literal names. Names made at run time cannot be seen.
"""

import glob
import os
import re
import subprocess

from c_source import Conditions, calls, functions, macros, without_comments

# The C API's ways to import, each with the place of the name among its arguments.
IMPORTERS = {
    "PyImport_Import": 0,
    "PyImport_ImportModule": 0,
    "PyImport_ImportModuleNoBlock": 0,
    "PyImport_ImportModuleEx": 0,
    "PyImport_ImportModuleLevel": 0,
    "PyImport_ImportModuleLevelObject": 0,
    "PyImport_ImportModuleAttr": 0,
    "PyImport_ImportModuleAttrString": 0,
    "_PyImport_GetModuleAttr": 0,
    "_PyImport_GetModuleAttrString": 0,
    "PyCapsule_Import": 0,
}


class SourceFile:
    """One file, read once: its text as the build sees it, what it includes and what it defines."""

    def __init__(self, path, conditions):
        with open(path, encoding="utf-8", errors="replace") as file:
            self.text = conditions.select(without_comments(file.read()))
        self.includes = re.findall(r'^[ \t]*#[ \t]*include[ \t]+["<]([^">]+)[">]', self.text, re.MULTILINE)
        self.macros, self.strings = [], {f"_Py_STR({name})": value for name, value in re.findall(r'_Py_DECLARE_STR\((\w+), ("[^"]*")\)', self.text)}
        for name, parameters, body in macros(self.text):
            if parameters is None and '"' in body and not re.sub(r'"[^"]*"|\w+', "", body).strip():
                self.strings[name] = body
            self.macros.append((name, parameters or [], body, set(re.findall(r"\w+", body))))
        self.functions = [(name, parameters, body, set(re.findall(r"\w+", body))) for name, parameters, body in functions(self.text)]


class Reader:
    """Reads files of the tree, each once."""

    def __init__(self, tree, conditions):
        self.tree, self.conditions, self.files = tree, conditions, {}

    def read(self, path):
        if path not in self.files:
            self.files[path] = SourceFile(path, self.conditions)
        return self.files[path]

    def find(self, name, beside):
        for folder in (beside, *(os.path.join(self.tree, part) for part in ("Include", "Include/internal", "Modules", "Python", ""))):
            path = os.path.normpath(os.path.join(folder, name))
            if os.path.isfile(path):
                return path
        return None

    def closure(self, path):
        """The file itself with those that it includes from beside it, and the public headers."""
        own, public, seen, work = [], [], set(), [os.path.normpath(path)]
        while work:
            path = work.pop()
            if path in seen:
                continue
            seen.add(path)
            file = self.read(path)
            (public if path.startswith(os.path.join(self.tree, "Include") + os.sep) else own).append(file)
            work += filter(None, (self.find(name, os.path.dirname(path)) for name in file.includes))
        return own, public


class Unit:
    """One C file of a module with all that it includes: which of its functions and macros import, and what."""

    def __init__(self, path, reader):
        self.own, self.public = reader.closure(path)
        self.strings, self.importers, self.constants = {}, dict(IMPORTERS), {}
        for file in self.public + self.own:
            self.strings |= file.strings
        self.learn()

    def learn(self):
        """Learns which functions and macros hand a parameter on to an importer, until no more are found."""
        every = self.public + self.own
        definitions = [entry for file in every for entry in file.macros + file.functions if entry[0] not in IMPORTERS]
        public = [entry for file in self.public for entry in file.macros]
        while True:
            known = len(self.importers) + len(self.constants)
            for name, parameters, body, words in definitions:
                used = words & self.importers.keys() - {name}
                for importer, arguments in calls(body, used):
                    place = self.importers[importer]
                    argument = re.sub(r"^\(.*\)\s*|\W", "", arguments[place]) if place < len(arguments) else ""
                    if not argument:
                        continue
                    made_from = {argument} | set(re.findall(rf"\b{argument}\s*=[^;]*?\(\s*(\w+)\s*\)", body))
                    for index, parameter in enumerate(parameters):
                        if parameter and parameter in made_from:
                            self.importers[name] = index
            for name, _, body, words in public:
                found = self.names_in(body, words)
                if found:
                    self.constants[name] = found
            if known == len(self.importers) + len(self.constants):
                return

    def names_in(self, text, words):
        """The names that a piece of text imports; `words` are all its words."""
        found = set()
        for importer, arguments in calls(text, words & self.importers.keys()):
            place = self.importers[importer]
            if place < len(arguments):
                names = self.literals(arguments[place], text)
                found |= {name.rpartition(".")[0] for name in names} if importer == "PyCapsule_Import" else names
        for name in words & self.constants.keys():
            found |= self.constants[name]
        return found

    def literals(self, expression, text):
        """The strings that an argument can stand for."""
        expression = re.sub(r"_Py_STR\(\w+\)|\b\w+\b", lambda match: self.strings.get(match[0], match[0]), expression)
        found = {"".join(re.findall(r'"([^"]*)"', part)) for part in re.findall(r'"[^"]*"(?:\s*"[^"]*")*', expression)}
        found |= set(re.findall(r"_Py_ID\((\w+)\)", expression))
        if not found and re.fullmatch(r"\w+", expression):
            for value in re.findall(rf"\b{expression}\s*=(?!=)([^;]*);", text):
                if value.strip() != expression:
                    found |= self.literals(value.strip(), "")
        return found

    def imports(self):
        """The names that the unit's own functions import."""
        found = set()
        for file in self.own:
            for _, _, body, words in file.functions:
                found |= self.names_in(body, words)
        return found


def build_conditions(build, compiler):
    """What the cross build defines."""
    with open(os.path.join(build, "pyconfig.h"), encoding="utf-8") as file:
        config = file.read()
    undefined = set(re.findall(r"/\* #undef (\w+) \*/", config))
    predefined = subprocess.run([compiler, "-dM", "-E", "-x", "c", os.devnull], capture_output=True, text=True, check=True).stdout
    defines = {name: value for name, value in re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]*(.*)$", config + "\n" + predefined, re.MULTILINE)}
    defines |= {"Py_BUILD_CORE": "1", "NDEBUG": "1"}
    return Conditions(defines, undefined - set(defines))


def builtin_sources(tree, build):
    """{builtin module: its C files}, from the Setup files that the build was configured with."""
    sources = {}
    for setup in ("Modules/Setup.bootstrap", "Modules/Setup.stdlib", "Modules/Setup.local"):
        path = os.path.join(build, setup)
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.split("#")[0].split()
                files = [os.path.join(tree, "Modules", word) for word in words[1:] if word.endswith(".c")]
                if files:
                    sources[words[0]] = files
    return sources


def find_c_imports(tree, build, runtime, compiler, exists):
    """The manifest's `c_imports`; `exists(name)` says whether the base has that module."""
    reader = Reader(tree, build_conditions(build, compiler))
    sources = builtin_sources(tree, build)
    taken = {path for files in sources.values() for path in files}
    core = [path for folder in ("Python", "Objects", "Parser") for path in sorted(glob.glob(os.path.join(tree, folder, "*.c")))]
    sources[""] = [path for path in core if path not in taken] + sorted(glob.glob(os.path.join(runtime, "*.c")))
    result = {}
    for module in sorted(sources):
        found = set()
        for path in sources[module]:
            found |= Unit(path, reader).imports()
        names = set()
        for name in found:
            while name and not exists(name):  # `collections.abc` is no file: `collections` makes it
                print(f"imported by the C code of {module or 'the core'}, no file of this base: {name!r}")
                name = name.rpartition(".")[0]
            names |= {name} - {"", module}
        if names:
            result[module] = sorted(names)
    return result
