//! A line of `Requires-Dist`, for those who follow what is installed: text in, the name and the
//! extras that it asks for on WASI out.

use pywasm_target::Target;

use crate::marker::Scope;
use crate::requirement::Requirement;

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// The name, normalised.
    pub name: String,
    /// The extras, normalised and sorted.
    pub extras: Vec<String>,
}

/// What a requirement asks for on a target and with these extras of the distribution that it belongs to; `None` where its marker does not hold, and for
/// what is no requirement.
pub fn required(text: &str, target: Target, extras: &[String]) -> Option<Required> {
    let requirement = Requirement::parse(text).ok()?;
    let scope = Scope {
        target: &target,
        extras,
        groups: &[],
    };
    requirement.applies(scope).then_some(Required {
        name: requirement.name,
        extras: requirement.extras,
    })
}
