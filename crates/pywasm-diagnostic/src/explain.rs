//! Says what an error's type knows beyond its message: what to do about it, whose fault it is,
//! and the single things that are wrong.

use std::borrow::Cow;

use crate::Diagnostic;

/// Who can mend what went wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The work itself failed.
    #[default]
    Work,
    /// The command line or the configuration is wrong.
    Usage,
}

/// An error that can be explained. Each error type of pywasm's crates implements this, and an
/// error that wraps another one passes its answers on.
pub trait Explain: std::error::Error {
    /// What to do about it, in the imperative.
    fn hint(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// Who can mend it.
    fn fault(&self) -> Fault {
        Fault::Work
    }

    /// The things that are wrong, each at its location; empty if the message says it all.
    fn diagnostics(&self) -> &[Diagnostic] {
        &[]
    }
}
