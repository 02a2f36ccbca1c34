//! Finds why a distribution is installed: the shortest path of requirements to it, such as `flask`,
//! `jinja2`, `markupsafe`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use pywasm_deps::{Distribution, RequiredDistribution, read_requirement};
use pywasm_target::Target;

/// For each distribution that the project requires, the names from its first dependency on.
pub(crate) fn paths(
    dependencies: &[String],
    distributions: &[Distribution],
    target: Target,
) -> BTreeMap<String, Vec<String>> {
    let by_name: BTreeMap<&str, &Distribution> = distributions
        .iter()
        .map(|distribution| (distribution.name.as_str(), distribution))
        .collect();
    let mut paths = follow(&first_requirements(dependencies, target), &by_name, target);
    // A virtual environment or a list of requirements has no dependencies of a project: what
    // nothing requires was requested.
    let known: BTreeSet<String> = distributions
        .iter()
        .flat_map(|one| {
            one.requires
                .iter()
                .filter_map(|text| read_requirement(text, target, &[]))
        })
        .map(|required| required.name)
        .collect();
    let rest = distributions
        .iter()
        .filter(|one| !paths.contains_key(&one.name) && !known.contains(&one.name))
        .map(|one| RequiredDistribution {
            name: one.name.clone(),
            extras: Vec::new(),
        });
    for (name, path) in follow(&rest.collect::<Vec<_>>(), &by_name, target) {
        paths.entry(name).or_insert(path);
    }
    paths
}

fn first_requirements(dependencies: &[String], target: Target) -> Vec<RequiredDistribution> {
    let read = dependencies
        .iter()
        .filter_map(|text| read_requirement(text, target, &[]));
    read.collect()
}

/// The paths that begin with these.
fn follow(
    firsts: &[RequiredDistribution],
    by_name: &BTreeMap<&str, &Distribution>,
    target: Target,
) -> BTreeMap<String, Vec<String>> {
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // With each extra a distribution may require more, so it is looked at once for each.
    let mut seen: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    let mut open: VecDeque<(RequiredDistribution, Vec<String>)> =
        firsts.iter().map(|first| (first.clone(), Vec::new())).collect();
    while let Some((RequiredDistribution { name, extras }, mut path)) = open.pop_front() {
        let Some(distribution) = by_name.get(name.as_str()) else {
            continue;
        };
        if !seen.insert((name.clone(), extras.clone())) {
            continue;
        }
        path.push(name.clone());
        paths.entry(name).or_insert_with(|| path.clone());
        for text in &distribution.requires {
            if let Some(next) = read_requirement(text, target, &extras) {
                open.push_back((next, path.clone()));
            }
        }
    }
    paths
}
