//! Adds to the message of an error what its type knows: a hint, who can fix it, and a list of
//! diagnostics.

use std::borrow::Cow;

use crate::Diagnostic;

/// Who can fix an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The work itself failed.
    #[default]
    Work,
    /// The command line or the configuration is wrong.
    Usage,
}

/// An error that can be explained. Each error type of pywasm's crates implements this trait. An error
/// that wraps another one passes on its answers.
pub trait Explain: std::error::Error {
    /// What the user can do about it, in the imperative.
    fn hint(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// Who can fix it.
    fn fault(&self) -> Fault {
        Fault::Work
    }

    /// The problems, each with its location; empty if the message says everything.
    fn diagnostics(&self) -> &[Diagnostic] {
        &[]
    }
}
