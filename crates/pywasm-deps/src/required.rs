//! Reads a line of `Requires-Dist`: the name and the extras that it requires on the target.

use pywasm_target::Target;

use crate::marker::Scope;
use crate::requirement::Requirement;

/// A distribution that a line requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredDistribution {
    /// The name, normalised.
    pub name: String,
    /// The extras, normalised and sorted.
    pub extras: Vec<String>,
}

/// Reads a line for a target, and for these extras of the distribution that it belongs to. `None`
/// if its marker does not hold, or if it is not a requirement.
pub fn read_requirement(text: &str, target: Target, extras: &[String]) -> Option<RequiredDistribution> {
    let requirement = Requirement::parse(text).ok()?;
    let scope = Scope {
        target: &target,
        extras,
        groups: &[],
    };
    requirement.applies(scope).then_some(RequiredDistribution {
        name: requirement.name,
        extras: requirement.extras,
    })
}
