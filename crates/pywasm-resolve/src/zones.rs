//! Decides whether a program can ask for time zones by name, which a Linux has as files.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Module;
use crate::request::Origin;

/// The function that reads the variable `TZ` again.
const TZSET: &str = "tzset";

/// Lists the names that the scan has to note for [`are_read`].
pub(crate) fn facts() -> impl Iterator<Item = &'static str> {
    [TZSET].into_iter()
}

/// Whether the program needs the files of time zones. One that has the package tzdata finds them there.
pub(crate) fn are_read(
    modules: &BTreeMap<String, Module>,
    mentions: &BTreeMap<String, BTreeSet<String>>,
) -> bool {
    let origin = |name: &str| modules.get(name).map(|module| module.origin);
    let is_program = |name: &String| origin(name).is_some_and(|origin| origin != Origin::Stdlib);
    origin("tzdata").is_none()
        && (origin("zoneinfo") == Some(Origin::Stdlib)
            || mentions.get(TZSET).into_iter().flatten().any(is_program))
}
