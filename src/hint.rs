//! The cure of an error, and whether the caller can mend it: what the crates' error types
//! know, gathered from an error's chain of causes.

use pywasm_base::Error as Base;

use crate::exit::{Exit, Usage};

/// The first cure that an error or one of its causes names.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(base) = cause.downcast_ref::<Base>() {
            return base.hint();
        }
        if let Some(object) = cause.downcast_ref::<pywasm_object::Error>() {
            return object.hint().map(str::to_owned);
        }
        if let Some(link) = cause.downcast_ref::<pywasm_object::LinkError>() {
            return link.hint().map(str::to_owned);
        }
        if let Some(registry) = cause.downcast_ref::<pywasm_registry::Error>() {
            return registry.hint();
        }
        cause
            .downcast_ref::<pywasm_engine::Error>()
            .and_then(|engine| engine.hint().map(str::to_owned))
    })
}

/// How a command that gave this error ends.
pub(crate) fn exit_of(error: &anyhow::Error) -> Exit {
    if is_usage(error) {
        Exit::Usage
    } else {
        Exit::Failed
    }
}

/// Whether the error is one of usage or configuration.
fn is_usage(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        if let Some(base) = cause.downcast_ref::<Base>() {
            return matches!(
                base,
                Base::NoSuchBase { .. }
                    | Base::AmbiguousBase { .. }
                    | Base::HashNeeded { .. }
                    | Base::PackName { .. }
                    | Base::NoRecipe { .. }
                    | Base::WorkNotEmpty { .. }
            );
        }
        if let Some(registry) = cause.downcast_ref::<pywasm_registry::Error>() {
            return registry.is_usage();
        }
        let dependencies = cause.downcast_ref::<pywasm_deps::Error>();
        if matches!(dependencies, Some(pywasm_deps::Error::Project(_))) {
            return true;
        }
        let pipeline = cause.downcast_ref::<pywasm_pipeline::Error>();
        if matches!(pipeline, Some(pywasm_pipeline::Error::Baseline(_))) {
            return true;
        }
        cause.is::<pywasm_project::Error>() || cause.is::<Usage>()
    })
}
