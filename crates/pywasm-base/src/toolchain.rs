//! Finds the programs and headers that a base build needs, by `PATH` and `WASI_SDK_PATH`. One error
//! names everything that is missing and the command that installs it. `pywasm doctor` shows the same
//! as a list.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::apt::{Kind, Package};
use crate::error::Error;
use crate::sources::PinnedFile;
use pywasm_host::WorkFolder;

/// The variable that names the folder of a WASI SDK.
pub const SDK_VARIABLE: &str = "WASI_SDK_PATH";

/// SDKs that build a CPython that hangs at start (PEP 816).
const BROKEN_SDKS: [&str; 2] = ["26", "27"];

/// Debian's wasi-libc of December 2024, which WASI SDK 25 contains too.
const LIBC_VERSION: &str = "0.0~git20241209.574b88d-2";
const LIBC_SUITE: &str = "trixie";
const LIBC_SHA256: &str = "b7716260051d289248b7667f81fa2792c125d888ff51da3fa09c6272cc0bd11d";

/// What a base build uses of the machine's environment.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// `PATH`.
    pub path: OsString,
    /// `WASI_SDK_PATH`, if it is set and not empty.
    pub wasi_sdk: Option<PathBuf>,
}

/// One thing that a base build needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name: `clang-19`, `make`, ...
    pub name: &'static str,
    /// Its path, if it was found.
    pub found: Option<String>,
    /// What it is needed for.
    pub needed_for: &'static str,
    /// How to get it: a sentence or a command.
    pub how_to_get: String,
    /// Whether a base can be built without it.
    pub optional: bool,
    /// The Debian packages that contain it.
    packages: &'static str,
}

impl Check {
    /// Whether it is required and missing.
    pub fn is_missing(&self) -> bool {
        self.found.is_none() && !self.optional
    }
}

/// The cross compiler's parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// The C compiler.
    pub clang: PathBuf,
    /// The archiver.
    pub ar: PathBuf,
    /// The archive indexer.
    pub ranlib: PathBuf,
    /// The C library.
    pub sysroot: Sysroot,
}

/// The location of wasi-libc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sysroot {
    /// A folder of the WASI SDK.
    Folder(PathBuf),
    /// Debian's package, which has to be downloaded and unpacked.
    Package,
}

impl Host {
    /// Reads the environment of this process.
    pub fn from_env() -> Self {
        Self {
            path: env::var_os("PATH").unwrap_or_default(),
            wasi_sdk: env::var_os(SDK_VARIABLE)
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
        }
    }

    /// Looks for everything that a base build needs.
    pub fn checks(&self) -> Vec<Check> {
        let mut checks = match &self.wasi_sdk {
            Some(sdk) => sdk_checks(sdk),
            None => self.debian_checks(),
        };
        checks.extend([
            self.compiler(),
            self.tool("make", "building CPython", "make"),
            self.tool("bash", "running the recipe", "bash"),
            self.tool("tar", "unpacking the sources", "tar"),
            self.tool("xz", "unpacking the sources", "xz-utils"),
            self.tool("tclsh", "building SQLite", "tcl"),
            self.headers(),
        ]);
        checks
    }

    /// Finds the toolchain. The error names everything that is missing.
    pub fn toolchain(&self) -> Result<Toolchain, Error> {
        let checks = self.checks();
        let missing: Vec<&Check> = checks.iter().filter(|check| check.is_missing()).collect();
        if !missing.is_empty() {
            return Err(Error::Toolchain {
                missing: missing
                    .iter()
                    .map(|check| format!("{}, for {}", check.name, check.needed_for))
                    .collect(),
                hint: install_hint(&missing),
            });
        }
        Ok(match &self.wasi_sdk {
            Some(sdk) => Toolchain {
                clang: sdk.join("bin/clang"),
                ar: sdk.join("bin/llvm-ar"),
                ranlib: sdk.join("bin/llvm-ranlib"),
                sysroot: Sysroot::Folder(sdk.join("share/wasi-sysroot")),
            },
            None => {
                let find = |name: &str| self.find(name).unwrap_or_else(|| name.into());
                Toolchain {
                    clang: find("clang-19"),
                    ar: find("llvm-ar-19"),
                    ranlib: find("llvm-ranlib-19"),
                    sysroot: Sysroot::Package,
                }
            }
        })
    }

    /// Finds the C compiler for WASI. The error names what is missing to compile and link a C file.
    pub(crate) fn cross_compiler(&self) -> Result<PathBuf, Error> {
        const NEEDED: [&str; 3] = ["clang-19", "wasm-ld-19", "clang of the WASI SDK"];
        let checks = match &self.wasi_sdk {
            Some(sdk) => sdk_checks(sdk),
            None => self.debian_checks(),
        };
        let missing: Vec<&Check> = checks
            .iter()
            .filter(|check| check.is_missing() && NEEDED.contains(&check.name))
            .collect();
        if !missing.is_empty() {
            return Err(Error::NoCompiler {
                missing: missing.iter().map(|check| check.name.to_owned()).collect(),
                hint: install_hint(&missing),
            });
        }
        Ok(match &self.wasi_sdk {
            Some(sdk) => sdk.join("bin/clang"),
            None => self.find("clang-19").unwrap_or_else(|| "clang-19".into()),
        })
    }

    fn debian_checks(&self) -> Vec<Check> {
        let cross = "compiling for WASI";
        let builtins = self.find("clang-19").and_then(|clang| {
            let path = first_line(&clang, &["--target=wasm32-wasi", "-print-libgcc-file-name"])?;
            Path::new(&path).is_file().then_some(path)
        });
        vec![
            self.tool("clang-19", cross, "clang-19"),
            self.tool("wasm-ld-19", "linking for WASI", "lld-19"),
            self.tool("llvm-ar-19", cross, "llvm-19"),
            self.tool("llvm-ranlib-19", cross, "llvm-19"),
            package_check(
                "compiler-rt for wasm32",
                builtins,
                "linking for WASI",
                "libclang-rt-19-dev-wasm32",
            ),
            self.tool("dpkg-deb", "unpacking Debian's wasi-libc", "dpkg"),
        ]
    }

    fn compiler(&self) -> Check {
        let found = self.find("cc").filter(|cc| compiles(cc, "#include <stdio.h>\n"));
        package_check(
            "cc, with the C library's headers",
            found.map(show),
            "building the native interpreter",
            "gcc libc6-dev",
        )
    }

    fn headers(&self) -> Check {
        let code = "#include <stddef.h>\n#include <zlib.h>\n#include <bzlib.h>\n#include <lzma.h>\n#include <sqlite3.h>\n";
        let found = self
            .find("cc")
            .filter(|cc| compiles(cc, code))
            .map(|_| "found by cc".to_owned());
        Check {
            optional: true,
            ..package_check(
                "headers of zlib, bz2, lzma and sqlite3",
                found,
                "the same modules in the native interpreter, which only tests use",
                "zlib1g-dev libbz2-dev liblzma-dev libsqlite3-dev",
            )
        }
    }

    fn tool(&self, name: &'static str, needed_for: &'static str, packages: &'static str) -> Check {
        package_check(name, self.find(name).map(show), needed_for, packages)
    }

    /// Finds a program on `PATH`.
    fn find(&self, name: &str) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|path| is_program(path))
    }
}

/// Describes Debian's wasi-libc, which is a pinned file like the sources.
pub(crate) fn libc_package() -> Result<PinnedFile, Error> {
    let sha256 = LIBC_SHA256
        .parse()
        .map_err(|error: pywasm_digest::InvalidDigest| Error::Recipe(error.to_string()))?;
    Ok(PinnedFile {
        file: format!("wasi-libc_{LIBC_VERSION}_all.deb"),
        sha256,
        url: None,
        wheel: None,
        package: Some(Package {
            kind: Kind::Binary,
            name: "wasi-libc".into(),
            suite: LIBC_SUITE.into(),
        }),
    })
}

fn sdk_checks(sdk: &Path) -> Vec<Check> {
    let hint = format!(
        "unpack WASI SDK 25 and set {SDK_VARIABLE} to its folder (it is set to {})",
        sdk.display()
    );
    let check = |name, found: bool, path: PathBuf| Check {
        name,
        found: found.then(|| show(path)),
        needed_for: "compiling for WASI",
        how_to_get: hint.clone(),
        optional: false,
        packages: "",
    };
    let program = |name, path: &str| check(name, is_program(&sdk.join(path)), sdk.join(path));
    let version = sdk_version(sdk);
    let broken = version
        .as_deref()
        .is_some_and(|version| BROKEN_SDKS.contains(&version.split('.').next().unwrap_or_default()));
    let mut checks = vec![
        program("clang of the WASI SDK", "bin/clang"),
        program("llvm-ar of the WASI SDK", "bin/llvm-ar"),
        program("llvm-ranlib of the WASI SDK", "bin/llvm-ranlib"),
        check(
            "sysroot of the WASI SDK",
            sdk.join("share/wasi-sysroot").is_dir(),
            sdk.join("share/wasi-sysroot"),
        ),
    ];
    if broken {
        checks.push(check(
            "a WASI SDK other than 26 and 27, whose CPython hangs",
            false,
            sdk.to_owned(),
        ));
    }
    checks
}

/// Reads the first line of the SDK's `VERSION`, such as `25.0`.
fn sdk_version(sdk: &Path) -> Option<String> {
    let text = fs::read_to_string(sdk.join("VERSION")).ok()?;
    Some(text.lines().next()?.trim().to_owned())
}

fn package_check(
    name: &'static str,
    found: Option<String>,
    needed_for: &'static str,
    packages: &'static str,
) -> Check {
    Check {
        name,
        found,
        needed_for,
        how_to_get: install(packages),
        optional: false,
        packages,
    }
}

fn install(packages: &str) -> String {
    format!("apt-get install {packages}")
}

/// Says how to install everything that is missing: one command for all packages, then the rest.
fn install_hint(missing: &[&Check]) -> String {
    let mut packages: Vec<&str> = Vec::new();
    let mut others: Vec<&str> = Vec::new();
    for check in missing {
        if check.packages.is_empty() && !others.contains(&check.how_to_get.as_str()) {
            others.push(&check.how_to_get);
        }
        for package in check.packages.split_whitespace() {
            if !packages.contains(&package) {
                packages.push(package);
            }
        }
    }
    let command = (!packages.is_empty()).then(|| install(&packages.join(" ")));
    let hints: Vec<&str> = command.as_deref().into_iter().chain(others).collect();
    hints.join("; ")
}

fn show(path: PathBuf) -> String {
    path.display().to_string()
}

fn is_program(path: &Path) -> bool {
    let Ok(data) = fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    let runs = std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let runs = true;
    data.is_file() && runs
}

/// Runs a program and returns the first line of its output, if it succeeds.
pub(crate) fn first_line(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()?
        .trim()
        .to_owned();
    output.status.success().then_some(text)
}

/// Whether a C compiler accepts `code`.
fn compiles(cc: &Path, code: &str) -> bool {
    let Ok(folder) = WorkFolder::create() else {
        return false;
    };
    let file = folder.path().join("check.c");
    let written = fs::write(&file, code).is_ok();
    let mut command = Command::new(cc);
    command
        .arg("-fsyntax-only")
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    written && command.status().is_ok_and(|status| status.success())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::build::tests::write_program as program;

    #[test]
    fn everything_missing_is_one_error() {
        let error = Host::default().toolchain().expect_err("nothing is there");
        assert_eq!(
            error.to_string(),
            "cannot build a base on this machine; missing:\n  \
             clang-19, for compiling for WASI\n  \
             wasm-ld-19, for linking for WASI\n  \
             llvm-ar-19, for compiling for WASI\n  \
             llvm-ranlib-19, for compiling for WASI\n  \
             compiler-rt for wasm32, for linking for WASI\n  \
             dpkg-deb, for unpacking Debian's wasi-libc\n  \
             cc, with the C library's headers, for building the native interpreter\n  \
             make, for building CPython\n  \
             bash, for running the recipe\n  \
             tar, for unpacking the sources\n  \
             xz, for unpacking the sources\n  \
             tclsh, for building SQLite"
        );
        assert_eq!(
            error.hint().as_deref(),
            Some(
                "apt-get install clang-19 lld-19 llvm-19 libclang-rt-19-dev-wasm32 dpkg \
                 gcc libc6-dev make bash tar xz-utils tcl"
            )
        );
    }

    #[test]
    fn an_sdk_takes_the_place_of_debian() {
        let dir = tempfile::tempdir().expect("a folder");
        let sdk = dir.path().join("sdk");
        for name in ["clang", "llvm-ar", "llvm-ranlib"] {
            program(&sdk.join("bin").join(name), "exit 0");
        }
        for name in ["cc", "make", "bash", "tar", "xz", "tclsh"] {
            program(&dir.path().join("bin").join(name), "exit 0");
        }
        let host = Host {
            path: dir.path().join("bin").into(),
            wasi_sdk: Some(sdk.clone()),
        };
        let error = host.toolchain().expect_err("no sysroot").to_string();
        assert!(
            error.ends_with("missing:\n  sysroot of the WASI SDK, for compiling for WASI"),
            "{error}"
        );

        fs::create_dir_all(sdk.join("share/wasi-sysroot")).expect("a folder");
        fs::write(sdk.join("VERSION"), "25.0\nwasi-libc: 1\n").expect("written");
        let toolchain = host.toolchain().expect("complete");
        assert_eq!(toolchain.clang, sdk.join("bin/clang"));
        assert_eq!(toolchain.sysroot, Sysroot::Folder(sdk.join("share/wasi-sysroot")));

        fs::write(sdk.join("VERSION"), "26.0\n").expect("written");
        let error = host.toolchain().expect_err("a broken SDK");
        assert!(
            error.to_string().contains("26 and 27, whose CPython hangs"),
            "{error}"
        );
        assert!(
            error
                .hint()
                .expect("a hint")
                .starts_with("unpack WASI SDK 25 and set WASI_SDK_PATH")
        );
    }

    #[test]
    fn a_file_that_cannot_run_is_not_a_program() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("make"), "").expect("written");
        let host = Host {
            path: dir.path().into(),
            wasi_sdk: None,
        };
        assert_eq!(host.find("make"), None);
        program(&dir.path().join("make"), "");
        assert_eq!(host.find("make"), Some(dir.path().join("make")));
    }
}
