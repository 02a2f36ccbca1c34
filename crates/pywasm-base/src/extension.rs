//! Compiles an extension module for a base with the machine's cross compiler. The result is a side
//! module (a wasm file with a `dylink.0` section that imports what it uses from the base), and the
//! list of headers that were read.
//!
//! The compiler provides only its own headers, such as `stddef.h`. CPython's and the C library's
//! headers come from the base, so that the compiled code matches what it is linked to.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::base::Base;
use crate::error::{Error, IoContext as _};
use crate::toolchain::{Host, first_line};
use pywasm_host::{Progress, WorkFolder, program};

/// The macros that the base was compiled with, as far as headers test them.
const DEFINES: [&str; 4] = [
    "NDEBUG",
    "_WASI_EMULATED_SIGNAL",
    "_WASI_EMULATED_GETPID",
    "_WASI_EMULATED_PROCESS_CLOCKS",
];

/// The number of lines of compiler output that an error shows. The first lines are about the first
/// mistake.
const SHOWN: usize = 30;

/// What to compile. Paths are relative to `root`, with `/`.
#[derive(Debug, Clone, Copy)]
pub struct ExtensionSource<'a> {
    /// The module's full dotted name.
    pub name: &'a str,
    /// The folder that all paths are relative to.
    pub root: &'a Path,
    /// C files.
    pub sources: &'a [String],
    /// Folders with headers.
    pub include_dirs: &'a [String],
    /// `NAME` or `NAME=VALUE`.
    pub defines: &'a [String],
    /// Whether to optimize for speed and not for size.
    pub fast: bool,
}

impl ExtensionSource<'_> {
    /// Names the function that creates the module, after the last part of the module's name.
    pub fn init_function(&self) -> String {
        let last = self.name.rsplit('.').next().unwrap_or(self.name);
        format!("PyInit_{last}")
    }

    /// Lists the compiler's options, apart from the files and the base's headers.
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

/// A compiled extension module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledExtension {
    /// The side module.
    pub wasm: Vec<u8>,
    /// Headers of the project that were read: sorted paths relative to its root, with `/`.
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
    /// Finds the compiler. The error says what to install.
    pub fn find(host: &Host) -> Result<Self, Error> {
        let clang = host.cross_compiler()?;
        let version = first_line(&clang, &["--version"]).unwrap_or_default();
        Ok(Self {
            clang,
            path: host.path.clone(),
            version,
        })
    }

    /// The first line of its `--version`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Compiles and links one module.
    pub fn compile(
        &self,
        source: &ExtensionSource<'_>,
        base: &Base,
        progress: &dyn Progress,
    ) -> Result<CompiledExtension, Error> {
        let include = base.include()?;
        let folder = WorkFolder::create().with_path("create a folder in", &std::env::temp_dir())?;
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
            let text = fs::read_to_string(&list).with_path("read", &list)?;
            headers.extend(project_headers(&text, source));
            objects.push(object);
        }
        let module = folder.path().join("module.wasm");
        let mut command = self.command(source.root);
        // Without `-O`, since clang would run any wasm-opt that it finds. Without `--emit-relocs`, since
        // wasm-ld 19 crashes on a function whose address is taken and that nothing calls
        // (`PyType_GenericNew`), and it drops unused code by itself.
        command
            .args(["--target=wasm32-wasi", "-shared", "-nostdlib"])
            .args(["-Wl,--no-entry", "-Wl,--experimental-pic"])
            .args(["-Wl,--strip-debug", "-Wl,--unresolved-symbols=import-dynamic"])
            .arg(format!("-Wl,--export={}", source.init_function()))
            .args(objects)
            .arg("-o")
            .arg(&module);
        run(&mut command, source.name, folder.path(), progress)?;
        Ok(CompiledExtension {
            wasm: fs::read(&module).with_path("read", &module)?,
            headers: headers.into_iter().collect(),
        })
    }

    /// Prepares a command that the user's environment cannot influence.
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

/// Keeps paths of the machine out of `__FILE__`.
fn prefix_map(folder: &Path, name: &str) -> OsString {
    let mut flag = OsString::from("-ffile-prefix-map=");
    flag.push(folder);
    flag.push("=");
    flag.push(name);
    flag
}

/// Runs the compiler. The error shows the first lines of its output.
fn run(command: &mut Command, name: &str, folder: &Path, progress: &dyn Progress) -> Result<(), Error> {
    let own = format!("{}/", folder.display());
    let mut output = Vec::new();
    let exit = program::run_both(command, progress, &mut |_| {}, &mut |line| {
        if output.len() < SHOWN && !line.starts_with("clang") {
            output.push(line.replace(&own, ""));
        }
    })?;
    if exit.status.success() {
        return Ok(());
    }
    Err(Error::DoesNotCompile {
        name: name.to_owned(),
        output,
    })
}

/// Extracts the project's own headers from a list of dependencies for `make`.
fn project_headers<'a>(list: &'a str, source: &'a ExtensionSource<'_>) -> impl Iterator<Item = String> + 'a {
    let files = list.split_once(": ").map_or("", |(_, files)| files);
    // A backslash precedes each space in a name, and ends each line that continues.
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
