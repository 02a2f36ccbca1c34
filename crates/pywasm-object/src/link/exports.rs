//! Finds the functions of the shared modules that the linked module exports.

use std::collections::HashSet;

use crate::link::base::Base;
use crate::link::resolve::Resolver;
use crate::link::side::Side;
use crate::link::{Export, LinkError};

/// The names of the exports, and their functions' indices in the linked module.
pub(crate) fn exports<'p>(
    base: &Base<'_>,
    sides: &[Side<'_>],
    resolver: &Resolver<'_, '_>,
    exports: &'p [Export],
) -> Result<Vec<(&'p str, u32)>, LinkError> {
    let of_base: HashSet<&str> = base.module.exports.iter().map(|export| export.name).collect();
    let mut names = HashSet::new();
    let mut found = Vec::new();
    for Export { module, function } in exports {
        let fail = |problem: String| LinkError::Export {
            name: function.clone(),
            problem,
        };
        let Some(side) = sides.get(*module) else {
            return Err(fail(format!("is of the module number {module}")));
        };
        let Some(index) = side.exported_function(function) else {
            let problem = format!(
                "is not a function that the module `{}` has and exports",
                side.name
            );
            return Err(fail(problem));
        };
        if of_base.contains(function.as_str()) {
            return Err(fail("is one of the base too".to_owned()));
        }
        if !names.insert(function.as_str()) {
            return Err(fail("is there twice".to_owned()));
        }
        found.push((function.as_str(), resolver.function_index(*module, index)));
    }
    Ok(found)
}
