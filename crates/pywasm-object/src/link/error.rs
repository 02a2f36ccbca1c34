//! Lists what can be wrong with a link. Modules come from outside, so every defect in them ends in
//! this error type and never in a panic.
//!
//! In: nothing. Out: one error type. Modules come from outside, so every
//! defect in them ends here and never in a panic.

use thiserror::Error;

use crate::Error;

/// Why modules cannot be linked into a base.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The base is no linked module with relocations, or has no room.
    #[error("the base cannot be linked")]
    Base(#[source] Error),

    /// The base lacks what a module needs.
    #[error("the base cannot be linked: {0}")]
    BaseLacks(String),

    /// A module is not valid, or one of its sections is malformed.
    #[error("the module `{module}` cannot be linked")]
    Module {
        /// Its name in the plan.
        module: String,
        /// What is wrong with it.
        source: Error,
    },

    /// A module is not a shared module, or uses what cannot be linked.
    #[error("the module `{module}` {problem}")]
    Unsupported {
        /// Its name in the plan.
        module: String,
        /// What is wrong with it.
        problem: String,
    },

    /// Modules import what neither the base nor another module has.
    #[error("{}", missing(.0))]
    MissingSymbols(Vec<MissingSymbols>),

    /// A list of records cannot be written.
    #[error("the record list `{symbol}` {problem}")]
    List {
        /// The symbol of the base that the list fills.
        symbol: String,
        /// What is wrong with it.
        problem: String,
    },

    /// A function cannot be exported.
    #[error("the export `{name}` {problem}")]
    Export {
        /// The name of the export.
        name: String,
        /// What is wrong with it.
        problem: String,
    },

    /// The pass wrote a module that does not validate: a defect of this crate.
    #[error("the linked module cannot be used")]
    Output(#[source] Error),
}

/// What one module needs and does not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSymbols {
    /// The module's name in the plan.
    pub module: String,
    /// The symbols, sorted; where it helps with a note in parentheses.
    pub symbols: Vec<String>,
}

fn missing(missing: &[MissingSymbols]) -> String {
    let lines = missing.iter().map(|missing| {
        format!(
            "the module `{}` needs {}",
            missing.module,
            missing.symbols.join(", ")
        )
    });
    format!(
        "symbols are missing: {}; neither the base nor another module has them",
        lines.collect::<Vec<_>>().join("; ")
    )
}

impl LinkError {
    /// The hint, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Base(source) | Self::Module { source, .. } | Self::Output(source) => source.hint(),
            Self::Unsupported { .. } => Some(
                "compile with -fPIC, and link with `wasm-ld -shared --experimental-pic \
                 --unresolved-symbols=import-dynamic`",
            ),
            Self::MissingSymbols(_) => {
                Some("compile the code that defines them into the module, or remove the calls to them")
            }
            _ => None,
        }
    }
}

impl pywasm_diagnostic::Explain for LinkError {
    fn hint(&self) -> Option<std::borrow::Cow<'_, str>> {
        Self::hint(self).map(Into::into)
    }
}

/// A problem with one module.
pub(crate) fn unsupported(module: &str, problem: impl Into<String>) -> LinkError {
    LinkError::Unsupported {
        module: module.to_owned(),
        problem: problem.into(),
    }
}
