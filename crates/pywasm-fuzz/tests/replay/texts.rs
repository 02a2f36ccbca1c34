//! Seeds that are text, for each target.

const REPORT: &str = include_str!("../../../../testdata/commands/diff/new/app.report.json");

const PYLOCK: &str = r#"lock-version = "1.0"
requires-python = ">=3.9"
default-groups = ["dev"]
[[packages]]
name = "six"
version = "1.17.0"
marker = "python_version >= '3' and (os_name == 'posix' or 'x' in extras)"
wheels = [{name = "six-1.17.0-py2.py3-none-any.whl", url = "https://h.example/six-1.17.0-py2.py3-none-any.whl", hashes = {sha256 = "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"}}]
[[packages]]
name = "local"
directory = {path = "../local"}
[[packages]]
name = "git"
vcs = {type = "git", url = "https://h.example/x"}
[[packages]]
name = "src"
version = "1"
sdist = {name = "src-1.tar.gz", path = "src-1.tar.gz", hashes = {sha256 = "00"}}
archive = {url = "https://h.example/a.zip#x", hashes = {}}
"#;

const UV_LOCK: &str = r#"version = 1
requires-python = ">=3.13"
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "six", marker = "sys_platform != 'win32'", extra = ["x"] }, { name = "b", version = "1", source = { registry = "https://h.example/simple" } }]
[package.optional-dependencies]
cli = [{ name = "six" }]
[package.dev-dependencies]
dev = [{ name = "b" }]
[[package]]
name = "six"
version = "1.17.0"
source = { registry = "wheels" }
resolution-markers = ["python_version > '3'"]
sdist = { url = "https://h.example/six.tar.gz", hash = "sha256:00" }
wheels = [{ path = "six-1.17.0-py2.py3-none-any.whl", hash = "sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274" }]
[[package]]
name = "b"
version = "1"
source = { path = "b-1-py3-none-any.whl" }
wheels = [{ filename = "b-1-py3-none-any.whl" }]
"#;

const PYPROJECT: &str = r#"[project]
name = "app"
version = "1.0"
dependencies = ["six>=1; os_name == 'posix'"]
optional-dependencies = { cli = ["app[x]"] }
license = { text = "MIT" }
dynamic = ["readme"]
scripts = { app = "app.main:run" }
urls = { a = "b" }
authors = [{ name = "A", email = "a@b.example" }]
[dependency-groups]
dev = ["six", { include-group = "other" }]
other = []
[tool.setuptools]
packages = ["app"]
[tool.pywasm]
entry = "app.main:run"
source = ["src"]
include = ["json.*", "a.**"]
keep = { babel = ["en"] }
trim = "none"
data = ["a/**/*.txt"]
tmp-size = "1 MB"
allow = ["entropy:random"]
env = { HOME = "/" }
optimize = "size"
aot = ["host"]
[tool.pywasm.budget]
module = "64 MB"
growth = "5 %"
[[tool.pywasm.extension]]
module = "app.fast"
sources = ["a.c"]
[tool.pywasm.release]
sbom = ["spdx"]
"#;

const PYTHON: &str = r#"# coding: utf-8
"""Doc."""
from __future__ import annotations
import os, sys as system, json.decoder
from . import sibling as s
from ..up import (a, b as c)
from os.path import *
try:
    import fast
except (ImportError, ModuleNotFoundError) as error:
    fast = None
else:
    from fast import x
if sys.platform == "win32" or TYPE_CHECKING:
    import winreg
__all__ = ["a"] + ["b"]
def f(x: int = 1, *args, key=None, **more) -> str:
    global y
    import importlib
    m = importlib.import_module(f".{x}", __package__)
    __import__("json" + "." + x); "é".encode("utf-16"); codecs.lookup(name)
    return [lambda z: z for z in x if (w := z)]
class C(Base, metaclass=M):
    @property
    async def g(self):
        async with a as b, c: yield await d
match command:
    case {"a": [1, *_], **rest} | Point(x=0): pass
    case _ if True: raise ImportError("no") from None
with contextlib.suppress(ImportError): import maybe
sys.modules["x"] = globals()["y"]; del z
assert 0x1F + 1_000j - 0b1 ** ~2, f"{x!r:>{width}} {'nested'}"
type T[U: int] = list[U]
"#;

const CWASM: &str = r#"{"schema":1,"engine":{"name":"wasmtime","version":"48.0.1"},"target":"x86_64-unknown-linux-gnu","cpu":"generic",
"cpu_features":["sse2"],"settings":{"opt-level":"speed"},
"source":{"file":"a.wasm","bytes":8,"sha256":"01dbda9d38d578cc9b9cdc19e0fdf4adafbe7a96f51405a5043c1e75c873ee82"},
"code":{"file":"a.cwasm","bytes":9,"sha256":"01dbda9d38d578cc9b9cdc19e0fdf4adafbe7a96f51405a5043c1e75c873ee82"}}"#;

const MANIFEST: &str = r#"{"schema":1,"abi":3,"id":"cpython-3.13.15-0123456789ab","python":"3.13.15","builtins":["sys"],"c_imports":{"":["encodings"]},
"stdlib_names":["os"],"toolchain":{"clang":"19"},"sources":[],"files":{"base.wasm":"01dbda9d38d578cc9b9cdc19e0fdf4adafbe7a96f51405a5043c1e75c873ee82"},"later":{"b":1}}"#;

const PROVENANCE: &str = r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"app.wasm","digest":{"sha256":"01dbda9d38d578cc9b9cdc19e0fdf4adafbe7a96f51405a5043c1e75c873ee82"}}],
"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"x","externalParameters":{},"resolvedDependencies":[{"name":"base","uri":"urn:x"}]},"runDetails":{"builder":{"id":"x"}}}}"#;

const OCI: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.wasm.config.v0+json","digest":"sha256:01dbda9d38d578cc9b9cdc19e0fdf4adafbe7a96f51405a5043c1e75c873ee82","size":2},
"layers":[{"mediaType":"application/wasm","digest":"sha256:01dbda9d38d578cc9b9cdc19e0fdf4adafbe7a96f51405a5043c1e75c873ee82","size":8}],"annotations":{"a":"b"}}"#;

/// The texts of each target.
pub(crate) const TEXTS: &[(&str, &[&str])] = &[
    ("report", &[REPORT]),
    ("pylock", &[PYLOCK]),
    ("uv-lock", &[UV_LOCK]),
    ("pyproject", &[PYPROJECT, "[tool.pywasm]\nname = 'x'\r\n"]),
    (
        "pyproject-edit",
        &[
            "[tool.pywasm]\ninclude = [\"a\",\n]\n[tool.pywasm.budget]\nmodule = '1 MB'\n",
            "[project]\r\nname = \"a\"\r\n",
        ],
    ),
    ("scan", &[PYTHON]),
    (
        "source-text",
        &[
            "# -*- coding: latin-1 -*-\nx = '\u{e9}'\n",
            "\u{feff}x\n",
            "#!/x\r# coding=cp1252\n",
        ],
    ),
    ("cwasm-record", &[CWASM]),
    ("manifest", &[MANIFEST]),
    ("provenance", &[PROVENANCE]),
    (
        "oci-manifest",
        &[OCI, "Bearer realm=\"http://auth.example/token\",service=\"r\""],
    ),
    (
        "oci-reference",
        &[
            "oci://ghcr.io/ada/hello:1.0",
            "oci://[::1]:5000/a/b-c__d@sha256:01dbda9d38d578cc9b9cdc19e0fdf4adafbe7a96f51405a5043c1e75c873ee82",
        ],
    ),
    (
        "docker-config",
        &[
            r#"{"auths":{"https://ghcr.io/v2/":{"auth":"YTpi"},"docker.io":{"username":"a","password":"b"},"localhost:5000":{"registrytoken":"t"}},"credHelpers":{},"credsStore":""}"#,
        ],
    ),
    (
        "record",
        &["a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n\"b,\"\"c.py\",,\nx/RECORD,,\n"],
    ),
    (
        "metadata",
        &[
            "a-1-2-py3.cp313-none-any.wasi.whl\nName: a\nVersion: 1\nClassifier: License :: OSI Approved :: MIT License\nLicense: MIT\n more\n\n[console_scripts]\na = b:c [x]\n# no\n",
        ],
    ),
    (
        "requirement",
        &[
            "a.b[X, y_z] >= 1, !=1.5 ; os_name == 'nt'",
            "x @ https://h/x-1-py3-none-any.whl#a ;os_name=='x'",
            "x (==1.*)",
        ],
    ),
    (
        "marker",
        &[
            "sys_platform == 'linux' or (os_name != \"nt\" and python_version >= '3.9')",
            "'docs' in extras and 'x' not in platform_machine",
        ],
    ),
    (
        "requirements",
        &[
            "-i https://h.example/simple\nsix==1.17.0 \\\n  --hash=sha256:4721 # why\nx @ https://h/x-1-py3-none-any.whl\n-f ./wheels\n./a-1-py3-none-any.whl ; os_name == 'x'\n--pre\n",
        ],
    ),
    (
        "c-source",
        &[
            "/* a */ PyImport_ImportModule (\"a.b\"); // c\nPyCapsule_Import(\"datetime.datetime_CAPI\", 0); PyDateTime_IMPORT; '\\\"'",
        ],
    ),
    (
        "trace",
        &["asked\tshop\t__main__\nloaded\tshop\nopen\t/pywasm/app/../app/./a.txt\nraised\tx\n"],
    ),
    (
        "size-text",
        &[
            "1.5 MiB",
            "a.**.b*",
            "pkg.mod:fn.x",
            "3.13.15",
            "entropy:random",
            "Foo__Bar.baz",
        ],
    ),
];
