//! Compiles an extension module for a base. In: C files, the base's own headers, the machine's
//! cross compiler. Out: one side module, a wasm with a `dylink.0` section that imports what it
//! uses of the base, and the headers that were read.
//!
//! The compiler brings its own headers (`stddef.h`) and nothing else of the machine: CPython's
//! and the C library's are the base's, so that what is compiled fits what it is linked to.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::base::Base;
use crate::error::{Error, IoContext as _};
use crate::toolchain::{Host, output};
use pywasm_host::{Progress, program};

/// What the base's C files are compiled with, as far as headers look at it.
const DEFINES: [&str; 4] = [
    "NDEBUG",
    "_WASI_EMULATED_SIGNAL",
    "_WASI_EMULATED_GETPID",
    "_WASI_EMULATED_PROCESS_CLOCKS",
];

/// How much of what a compiler says an error shows: the first lines, which are about the first
/// mistake.
const SHOWN: usize = 30;

/// What to compile. Paths are relative to `root`, with `/`.
#[derive(Debug, Clone, Copy)]
pub struct ExtensionSource<'a> {
    /// The module's full dotted name.
    pub name: &'a str,
    /// The folder that all paths count from.
    pub root: &'a Path,
    /// C files.
    pub sources: &'a [String],
    /// Folders with headers.
    pub include_dirs: &'a [String],
    /// `NAME` or `NAME=VALUE`.
    pub defines: &'a [String],
    /// Whether speed counts more than size.
    pub fast: bool,
}

impl ExtensionSource<'_> {
    /// The function that makes the module: C knows the last part of the name only.
    pub fn function(&self) -> String {
        let last = self.name.rsplit('.').next().unwrap_or(self.name);
        format!("PyInit_{last}")
    }

    /// What the compiler is told, apart from the files and the base's headers.
    pub fn flags(&self) -> Vec<String> {
        let mut flags: Vec<String> = [
            "--target=wasm32-wasi",
            "-fPIC",
            if self.fast { "-O3" } else { "-Os" },
            "-g0",
            "-fvisibility=hidden",
            "-fno-strict-overflow",
            "-fno-color-diagnostics",
            "-nostdlibinc",
        ]
        .map(str::to_owned)
        .to_vec();
        flags.extend(DEFINES.iter().map(|define| format!("-D{define}")));
        flags.extend(self.defines.iter().map(|define| format!("-D{define}")));
        flags.extend(self.include_dirs.iter().map(|folder| format!("-I{folder}")));
        flags
    }
}

/// A module that has been compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The side module.
    pub wasm: Vec<u8>,
    /// Headers of the project that were read, relative to its root with `/`, sorted.
    pub headers: Vec<String>,
}

/// The machine's compiler for WASI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiler {
    clang: PathBuf,
    path: OsString,
    version: String,
}

impl Compiler {
    /// Looks for it; the error says what to install.
    pub fn find(host: &Host) -> Result<Self, Error> {
        let clang = host.cross_compiler()?;
        let version = output(&clang, &["--version"]).unwrap_or_default();
        Ok(Self {
            clang,
            path: host.path.clone(),
            version,
        })
    }

    /// The first line of what it says of itself.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Compiles and links one module.
    pub fn compile(
        &self,
        source: &ExtensionSource<'_>,
        base: &Base,
        progress: &dyn Progress,
    ) -> Result<Compiled, Error> {
        let include = base.include()?;
        let folder = tempfile::Builder::new()
            .prefix("pywasm-extension-")
            .tempdir()
            .at("make a folder in", &std::env::temp_dir())?;
        let mut objects = Vec::new();
        let mut headers = BTreeSet::new();
        for (index, file) in source.sources.iter().enumerate() {
            let object = folder.path().join(format!("{index}.o"));
            let list = folder.path().join(format!("{index}.d"));
            let mut command = self.command(source.root);
            command
                .args(source.flags())
                .arg(prefix_map(source.root, "."))
                .arg(prefix_map(&include, "include"))
                .arg("-isystem")
                .arg(include.join("python"))
                .arg("-isystem")
                .arg(include.join("libc"))
                .args(["-MD", "-MF"])
                .arg(&list)
                .arg("-c")
                .arg(file)
                .arg("-o")
                .arg(&object);
            run(&mut command, source.name, folder.path(), progress)?;
            let text = fs::read_to_string(&list).at("read", &list)?;
            headers.extend(project_headers(&text, source));
            objects.push(object);
        }
        let module = folder.path().join("module.wasm");
        let mut command = self.command(source.root);
        // No `-O` here: clang would run any wasm-opt that it finds. No `--emit-relocs`: wasm-ld 19
        // crashes on a function whose address is taken and that nothing calls (`PyType_GenericNew`),
        // and it has dropped by itself what the module does not use.
        command
            .args(["--target=wasm32-wasi", "-shared", "-nostdlib"])
            .args(["-Wl,--no-entry", "-Wl,--experimental-pic"])
            .args(["-Wl,--strip-debug", "-Wl,--unresolved-symbols=import-dynamic"])
            .arg(format!("-Wl,--export={}", source.function()))
            .args(objects)
            .arg("-o")
            .arg(&module);
        run(&mut command, source.name, folder.path(), progress)?;
        Ok(Compiled {
            wasm: fs::read(&module).at("read", &module)?,
            headers: headers.into_iter().collect(),
        })
    }

    /// Nothing of the user's environment may steer the compiler.
    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.clang);
        command
            .current_dir(folder)
            .env_clear()
            .env("PATH", &self.path)
            .env("LC_ALL", "C.UTF-8");
        command
    }
}

/// No path of the machine gets into `__FILE__`.
fn prefix_map(folder: &Path, name: &str) -> OsString {
    let mut flag = OsString::from("-ffile-prefix-map=");
    flag.push(folder);
    flag.push("=");
    flag.push(name);
    flag
}

/// Runs the compiler; the error shows the first lines of its complaint.
fn run(command: &mut Command, name: &str, folder: &Path, progress: &dyn Progress) -> Result<(), Error> {
    let own = format!("{}/", folder.display());
    let mut said = Vec::new();
    let ended = program::run_both(command, progress, &mut |_| {}, &mut |line| {
        if said.len() < SHOWN && !line.starts_with("clang") {
            said.push(line.replace(&own, ""));
        }
    })?;
    if ended.status.success() {
        return Ok(());
    }
    Err(Error::Refused {
        name: name.to_owned(),
        said,
    })
}

/// The project's own headers in a list of dependencies as `make` reads it.
fn project_headers<'a>(list: &'a str, source: &'a ExtensionSource<'_>) -> impl Iterator<Item = String> + 'a {
    let files = list.split_once(": ").map_or("", |(_, files)| files);
    // A space in a name is written with a backslash before it, the end of a line as a backslash.
    let files = files.replace("\\\n", " ").replace("\\ ", "\0");
    let names: Vec<String> = files
        .split_whitespace()
        .map(|name| name.replace('\0', " "))
        .collect();
    names.into_iter().filter_map(|name| {
        let path = Path::new(&name);
        let relative = if path.is_absolute() {
            path.strip_prefix(source.root).ok()?
        } else {
            path
        };
        let relative = relative.to_string_lossy().into_owned();
        (!source.sources.contains(&relative)).then_some(relative)
    })
}
