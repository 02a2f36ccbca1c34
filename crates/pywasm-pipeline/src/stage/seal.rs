//! Seals what is shipped with the record of what it was made from. The record is in the outermost
//! file, so this comes after all that wraps the module.

use pywasm_dist::{ArtifactKind, FileNames, ModuleRecord, OutputFile, record};
use pywasm_object::SymbolFile;

use super::{StageLog, strip::StrippedModule};

/// What is shipped.
pub(crate) enum Payload {
    /// A core module.
    Core(Vec<u8>),
}

impl Payload {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Core(module) => module,
        }
    }

    /// Its file.
    pub(crate) fn into_file(self, names: FileNames<'_>) -> OutputFile {
        match self {
            Self::Core(module) => OutputFile::new(names.module(), ArtifactKind::Module, module),
        }
    }
}

/// The sealed payload, and what its parts are.
pub(crate) fn run(
    stripped: StrippedModule,
    record: &ModuleRecord,
    log: &mut StageLog<'_>,
) -> (Payload, SymbolFile) {
    let module = record::seal(stripped.bytes, record);
    if let Some((stage, bytes_in)) = stripped.row {
        log.add_module(stage, bytes_in, &module, Vec::new());
    }
    (Payload::Core(module), stripped.symbols)
}
