//! Holds what a build made, and writes it into a folder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use pywasm_diagnostic::Diagnostic;
use pywasm_dist::FileNames;
use pywasm_report::Report;

use crate::{Error, pipeline};

/// Name to content: what the report lists, and nothing else.
pub type OutputFiles = BTreeMap<String, Vec<u8>>;

/// What a build made. Nothing of it is written yet.
#[derive(Debug)]
pub struct Artifact {
    /// The files, without the report and the checksums.
    pub files: OutputFiles,
    /// What the build knows about them.
    pub report: Report,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
}

impl Artifact {
    /// The name of the module's file.
    #[must_use]
    pub fn module_name(&self) -> String {
        FileNames::new(&self.report.project.name).module()
    }

    /// The module.
    #[must_use]
    pub fn module(&self) -> &[u8] {
        let file = self.files.get(&self.module_name());
        file.map_or(&[], Vec::as_slice)
    }

    /// Writes the files, the report and the checksums into `folder`, and takes away what an
    /// earlier build of the same project left there and this one does not make. Gives the path of
    /// the module.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
        let folder = folder.as_ref();
        pipeline::write(folder, self)?;
        Ok(folder.join(self.module_name()))
    }
}
