//! Keeps a value together with the place where it was written.

use pywasm_diagnostic::Location;

/// A value that another crate interprets, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The place in a file; `None` for a value of the command line.
    pub place: Option<Location>,
}
