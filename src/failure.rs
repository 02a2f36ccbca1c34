//! Explains the error that a command ends with: what the types of its causes know about it, as data
//! for the terminal, for JSON and for annotations, and the exit code that follows from it.

use std::{borrow::Cow, error::Error};

use pywasm_diagnostic::{Explain, Failure, Fault};

use crate::exit::{Exit, Usage};

/// An error of the command itself, which no crate below it knows.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CommandError {
    message: String,
    hint: Option<String>,
    fault: Fault,
    #[source]
    cause: Option<anyhow::Error>,
}

impl CommandError {
    /// Makes an error of work that failed.
    pub(crate) fn work(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            fault: Fault::Work,
            cause: None,
        }
    }

    /// Makes an error of usage or configuration.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            fault: Fault::Usage,
            ..Self::work(message)
        }
    }

    /// Adds what the user can do about it.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the cause.
    pub(crate) fn with_cause(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl Explain for CommandError {
    fn hint(&self) -> Option<Cow<'_, str>> {
        self.hint.as_deref().map(Into::into)
    }

    fn fault(&self) -> Fault {
        self.fault
    }
}

/// What is known about an error.
pub(crate) fn explain(error: &anyhow::Error) -> Failure {
    Failure::from_chain(error.chain(), explanation)
}

/// The exit code of a command that fails with this error.
pub(crate) fn exit_for(error: &anyhow::Error) -> Exit {
    match explain(error).fault {
        Fault::Usage => Exit::Usage,
        Fault::Work => Exit::Failed,
    }
}

/// The explanation of one cause, if its type has one.
fn explanation<'e>(cause: &'e (dyn Error + 'static)) -> Option<&'e dyn Explain> {
    fn cast<'e, T: Explain + 'static>(cause: &'e (dyn Error + 'static)) -> Option<&'e dyn Explain> {
        cause.downcast_ref::<T>().map(|error| error as &dyn Explain)
    }
    let casts = [
        cast::<Usage>,
        cast::<CommandError>,
        cast::<pywasm::Error>,
        cast::<pywasm::RaiseError>,
        cast::<pywasm::outputs::Error>,
        cast::<pywasm_base::Error>,
        cast::<pywasm_bench::Error>,
        cast::<pywasm_deps::Error>,
        cast::<pywasm_engine::Error>,
        cast::<pywasm_object::Error>,
        cast::<pywasm_object::LinkError>,
        cast::<pywasm_pipeline::Error>,
        cast::<pywasm_project::Error>,
        cast::<pywasm_project::InvalidName>,
        cast::<pywasm_registry::Error>,
        cast::<pywasm_release::sbom::Error>,
        cast::<pywasm_resolve::ResolveError>,
    ];
    casts.iter().find_map(|cast| cast(cause))
}
