//! Lists what can be wrong with a module or with a request to a pass. A module comes from outside,
//! so every defect in it ends in this error type and never in a panic.
//!
//! In: nothing. Out: one error type for all passes. A module comes from
//! outside, so every defect in it ends here and never in a panic.

use thiserror::Error;

/// Why a pass refused a module or a request.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not a valid WebAssembly module.
    #[error("not a valid WebAssembly module")]
    Invalid(#[source] wasmparser::Error),

    /// The bytes are a component, not a core module.
    #[error("the file is a WebAssembly component, but a core module is needed")]
    Component,

    /// A pass wrote a module that does not validate: a defect of this crate.
    #[error("the pass `{pass}` wrote a module that is not valid")]
    Output {
        /// The pass.
        pass: &'static str,
        /// What the validator says.
        source: wasmparser::Error,
    },

    /// The module has no symbol table or no relocations.
    #[error("the module has no `{section}` section: it was not linked with --emit-relocs")]
    NoRelocations {
        /// The section that is missing.
        section: &'static str,
    },

    /// The module is a shared library or another kind that has no fixed addresses.
    #[error("the module has a `{section}` section: its addresses are not fixed")]
    NotStatic {
        /// The section that says so.
        section: String,
    },

    /// A custom section does not follow its format.
    #[error("the section `{section}` is malformed")]
    Section {
        /// Name of the custom section.
        section: String,
        /// What the reader says.
        source: wasmparser::Error,
    },

    /// A relocation that cannot be followed.
    #[error("relocation at offset {offset:#x} of `{section}`: {problem}")]
    Relocation {
        /// Name of the relocation section.
        section: String,
        /// Offset that the relocation names, within the section it applies to.
        offset: u32,
        /// What is wrong with it.
        problem: String,
    },

    /// An entry of the symbol table contradicts the module.
    #[error("symbol {index} ({name}): {problem}")]
    Symbol {
        /// Index in the symbol table.
        index: usize,
        /// Its name, where it has one.
        name: String,
        /// What is wrong with it.
        problem: String,
    },

    /// A symbol was requested by name, and the module has none or several of that name.
    #[error("the symbol `{name}` {problem}")]
    SymbolName {
        /// The name requested.
        name: String,
        /// What is wrong with it.
        problem: String,
    },

    /// A record table does not have the promised shape.
    #[error("the record table `{table}` {problem}")]
    Table {
        /// The table's symbol.
        table: String,
        /// What is wrong with it.
        problem: String,
    },

    /// An export was requested that is not there, or is of another kind.
    #[error("the export `{name}` {problem}")]
    Export {
        /// The export's name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },

    /// The module's memory cannot take the data.
    #[error("the module's memory {problem}")]
    Memory {
        /// What is wrong with it.
        problem: String,
    },

    /// The memory is not one that the module could have had.
    #[error("the snapshot {problem}")]
    Snapshot {
        /// What is wrong with it.
        problem: String,
    },

    /// The module uses something that this pass cannot handle.
    #[error("not supported: {0}")]
    Unsupported(String),
}

impl Error {
    /// The hint, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoRelocations { .. } => Some(
                "link it with `-Wl,--emit-relocs`, without an optimization level at the link step, \
                 and run neither wasm-opt nor strip on it",
            ),
            Self::NotStatic { .. } => Some("link a static module, without -shared and -pie"),
            Self::Relocation { .. } => Some(
                "relocations go stale when a tool rewrites the module after the link: use the linker's own output",
            ),
            Self::Memory { .. } => {
                Some("link with one memory, not imported, and with a higher --max-memory or none")
            }
            Self::Snapshot { .. } => {
                Some("take the memory from a run of the module that shaking gave together with this one")
            }
            Self::Output { .. } => Some("this is a defect of pywasm: please report it with the module"),
            _ => None,
        }
    }

    /// Wraps a reader's error about the custom section `section`.
    pub(crate) fn section(section: &str) -> impl Fn(wasmparser::Error) -> Self {
        let section = section.to_owned();
        move |source| Self::Section {
            section: section.clone(),
            source,
        }
    }
}

impl pywasm_diagnostic::Explain for Error {
    fn hint(&self) -> Option<std::borrow::Cow<'_, str>> {
        Self::hint(self).map(Into::into)
    }
}
