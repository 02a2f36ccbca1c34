//! Says why an engine or a tool gave no answer. The engine's own error stays inside, so that this
//! crate knows no engine.

use std::error::Error;

/// Why a tool gave no answer, in its own words.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ToolError(Box<dyn Error + Send + Sync>);

impl ToolError {
    /// Wraps the tool's own error.
    #[must_use]
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// Why an interpreter gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum InterpreterError {
    /// The guest trapped: a fault in the module, not an exception of its program.
    #[error("the module trapped: {0}")]
    Trap(String),
    /// The engine failed, or the module does not do what it should.
    #[error(transparent)]
    Engine(#[from] ToolError),
}
