//! Explains the error that a command ends with: what the types of its causes know about it, as data
//! for the terminal, for JSON and for annotations, and the exit code that follows from it.

use std::error::Error;

use pywasm_diagnostic::{Explain, Failure, Fault};

use crate::exit::{Exit, Usage};

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
        cast::<pywasm_resolve::ResolveError>,
    ];
    casts.iter().find_map(|cast| cast(cause))
}
