//! Compiles the bytes of a `.wasm` file to a file of machine code, and measures the time.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use wasmtime::{Module, component::Component};

use super::{BenchError, component, module};
use crate::{Engine, Error};

/// The two kinds of WebAssembly binaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BinaryKind {
    /// A core module.
    Module,
    /// A component.
    Component,
}

impl BinaryKind {
    /// Determines the kind by the first eight bytes; `None` if this is not WebAssembly.
    #[must_use]
    pub fn detect(wasm: &[u8]) -> Option<Self> {
        // A version and a layer of two bytes each follow the magic number.
        match wasm.get(..8)?.strip_prefix(b"\0asm")? {
            [_, _, 0, 0] => Some(Self::Module),
            [_, _, 1, 0] => Some(Self::Component),
            _ => None,
        }
    }
}

impl fmt::Display for BinaryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Module => "module",
            Self::Component => "component",
        })
    }
}

/// A file of machine code that an engine with the same settings made.
#[derive(Clone, Debug)]
pub struct CodeFile {
    pub(super) kind: BinaryKind,
    pub(super) path: PathBuf,
    /// What is called of a component that is no command.
    pub(super) call: Option<String>,
}

impl CodeFile {
    /// Compiles `wasm` without a cache, and measures the time.
    ///
    /// # Errors
    /// When the bytes are not valid.
    pub fn compile(
        engine: &Engine,
        kind: BinaryKind,
        wasm: &[u8],
    ) -> Result<(CompiledBinary, Duration), BenchError> {
        let began = Instant::now();
        let compiled = match kind {
            BinaryKind::Module => Module::from_binary(&engine.inner, wasm).map(CompiledBinary::Module),
            BinaryKind::Component => {
                Component::from_binary(&engine.inner, wasm).map(CompiledBinary::Component)
            }
        };
        let time = began.elapsed();
        Ok((compiled.map_err(Error::Compile)?, time))
    }

    /// Uses a file that [`CompiledBinary::write`] made, perhaps in another process.
    ///
    /// # Safety
    /// The file must be exactly that and must not change, since it is loaded as machine code.
    #[must_use]
    pub unsafe fn from_trusted_file(kind: BinaryKind, path: PathBuf, call: Option<String>) -> Self {
        Self { kind, path, call }
    }

    /// What is called of it, where it is no command.
    #[must_use]
    pub fn call(&self) -> Option<&str> {
        self.call.as_deref()
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Machine code in memory.
pub enum CompiledBinary {
    /// The code of a core module.
    Module(Module),
    /// The code of a component.
    Component(Component),
}

impl CompiledBinary {
    /// Writes the machine code to a new file. Only the user may have access to its folder, since the
    /// file is loaded as machine code. `invoke` is what to call of a component, instead of its command.
    ///
    /// # Errors
    /// When the artifact is not a command and nothing tells what to call, there is no such function, or the
    /// file cannot be written.
    pub fn write(
        &self,
        engine: &Engine,
        path: PathBuf,
        invoke: Option<&str>,
    ) -> Result<CodeFile, BenchError> {
        let (kind, code, call) = match self {
            Self::Module(module) => {
                if invoke.is_some() {
                    return Err(BenchError::NoCalls);
                }
                module::check_is_command(module)?;
                (BinaryKind::Module, module.serialize(), None)
            }
            Self::Component(component) => {
                let call = component::choose_call(engine, component, invoke)?;
                (BinaryKind::Component, component.serialize(), call)
            }
        };
        fs::write(&path, code.map_err(Error::Compile)?).map_err(Error::Io)?;
        Ok(CodeFile { kind, path, call })
    }
}
