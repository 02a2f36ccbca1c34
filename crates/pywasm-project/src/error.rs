//! Collects everything that is wrong with a project's configuration in one error.

use pywasm_diagnostic::{Diagnostic, Explain, Fault};

/// Everything that is wrong with a project's configuration, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", Diagnostic::list(diagnostics))]
pub struct Error {
    /// At least one.
    pub diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic],
        }
    }
}

impl Explain for Error {
    fn fault(&self) -> Fault {
        Fault::Usage
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}
