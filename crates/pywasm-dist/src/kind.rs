//! Lists the kinds of files that a build makes, with the word for each in a report and the end of
//! its name.

use std::env;

/// Compilers of other engines, which make code for the machine that they run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NativeCompiler {
    /// WasmEdge, through LLVM.
    Wasmedge,
    /// Wasmer.
    Wasmer,
}

impl NativeCompiler {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Wasmedge, Self::Wasmer];

    /// The word for it in configuration and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wasmedge => "wasmedge",
            Self::Wasmer => "wasmer",
        }
    }

    /// The compiler of that name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|compiler| compiler.name() == word)
    }

    /// The end of the names of its files on this machine.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Wasmedge => env::consts::DLL_EXTENSION,
            Self::Wasmer => "wasmu",
        }
    }
}

/// What a file of a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArtifactKind {
    /// The module.
    Module,
    /// The module in Brotli's format.
    Brotli,
    /// The module in gzip's format.
    Gzip,
    /// The module in Zstandard's format.
    Zstd,
    /// What the parts of the module are.
    Symbols,
    /// A module that a stage gave on the way.
    Stage,
    /// Machine code for wasmtime.
    Cwasm,
    /// What that machine code was made from.
    CwasmRecord,
    /// Machine code of another engine's compiler.
    Native(NativeCompiler),
    /// What that machine code was made from.
    NativeRecord(NativeCompiler),
}

impl ArtifactKind {
    /// The word for it in a report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Module => "wasm",
            Self::Brotli => "brotli",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Symbols => "symbols",
            Self::Stage => "stage",
            Self::Cwasm => "cwasm",
            Self::CwasmRecord => "cwasm-record",
            Self::Native(compiler) => compiler.name(),
            Self::NativeRecord(NativeCompiler::Wasmedge) => "wasmedge-record",
            Self::NativeRecord(NativeCompiler::Wasmer) => "wasmer-record",
        }
    }
}
