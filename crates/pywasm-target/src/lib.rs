//! Defines the facts about the platform that artifacts run on: what Python on WASI reports about
//! itself, the values of environment markers, the tags of compatible wheels, the names that depend on
//! the Python series, and the contract with the base ([`abi`]). They never depend on the machine
//! that builds.

#![deny(missing_docs)]

pub mod abi;
mod markers;
mod python;
mod tags;

pub use markers::MARKERS;
pub use python::{InvalidVersion, PythonVersion, Series, is_identifier};
pub use tags::{Tag, WasiWheels};

/// The platform, as compilers name it.
pub const PLATFORM: &str = "wasm32-wasip1";
/// `sys.platform`.
pub const SYS_PLATFORM: &str = "wasi";
/// `os.name`.
pub const OS_NAME: &str = "posix";
/// `sys.byteorder`.
pub const BYTE_ORDER: &str = "little";
/// `sys.maxsize`.
pub const MAX_SIZE: i64 = i32::MAX as i64;
/// `sys.implementation.name`.
pub const IMPLEMENTATION: &str = "cpython";
/// `platform.python_implementation()`.
pub const PYTHON_IMPLEMENTATION: &str = "CPython";
/// `platform.system()`, which comes from `uname` of wasi-libc.
pub const SYSTEM: &str = "wasi";
/// `platform.machine()`.
pub const MACHINE: &str = "wasm32";
/// `platform.release()`.
pub const RELEASE: &str = "0.0.0";
/// `platform.version()`.
pub const VERSION: &str = "0.0.0";
/// `sysconfig.get_platform()`.
pub const SYSCONFIG_PLATFORM: &str = "wasi-0.0.0-wasm32";

/// What an artifact is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The version of the base's Python.
    pub python: PythonVersion,
}

impl Target {
    /// Makes the target for this Python.
    #[must_use]
    pub const fn new(python: PythonVersion) -> Self {
        Self { python }
    }

    /// Returns the series of its Python.
    #[must_use]
    pub const fn series(self) -> Series {
        self.python.series
    }
}
