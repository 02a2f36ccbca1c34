//! Collects the requirements of `pyproject.toml` that apply to the target, with the chosen extras
//! and groups. Groups include each other (PEP 735), and extras may name the project itself with
//! other extras.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::{Dependencies, GroupItem, Spanned, closest, normalize};
use pywasm_target::Target;

use crate::error::Error;
use crate::marker::Scope;
use crate::requirement::Requirement;

/// A requirement, and where it is written.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredRequirement {
    pub(crate) requirement: Requirement,
    pub(crate) place: Option<Location>,
}

/// The requirements, extras and groups that are selected.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    pub(crate) declared: Vec<DeclaredRequirement>,
    /// The chosen extras and those that they include; normalised and sorted.
    pub(crate) extras: Vec<String>,
    /// The chosen groups; normalised and sorted.
    pub(crate) groups: Vec<String>,
}

/// Collects what is selected, and reports every fault at once.
pub(crate) fn collect(dependencies: &Dependencies, target: &Target) -> Result<Selection, Error> {
    let mut collector = Collector {
        dependencies,
        target,
        selection: Selection::default(),
        taken: BTreeSet::new(),
        depth: 0,
        wrong: Vec::new(),
    };
    for request in &dependencies.declared {
        collector.refuse_itself(request);
        collector.requirement(request);
    }
    for extra in &dependencies.extras {
        collector.extra(extra);
    }
    for group in &dependencies.with_groups {
        collector.group(group, &mut Vec::new());
    }
    let Collector {
        mut selection,
        mut wrong,
        ..
    } = collector;
    if !wrong.is_empty() {
        wrong.sort();
        wrong.dedup();
        return Err(Error::Project(wrong));
    }
    selection.extras.sort();
    selection.groups.sort();
    Ok(selection)
}

/// How many extras and groups may include each other in a chain. Each takes a part of the stack.
const DEEPEST: usize = 100;

struct Collector<'a> {
    dependencies: &'a Dependencies,
    target: &'a Target,
    selection: Selection,
    /// The groups that were taken: groups that include each other can do so in very many ways.
    taken: BTreeSet<String>,
    /// How many extras and groups are being read, each for the one before.
    depth: usize,
    wrong: Vec<Diagnostic>,
}

impl Collector<'_> {
    fn requirement(&mut self, request: &Spanned<String>) {
        let requirement = match Requirement::parse(&request.value) {
            Ok(requirement) => requirement,
            Err(error) => {
                let diagnostic = Diagnostic::new(error).with_hint(
                    "write the requirement as `name >= 1.2`, followed by `; marker` if it needs one",
                );
                return self.refuse(diagnostic, &request.place);
            }
        };
        // What a build backend has written names an extra in its marker.
        let scope = Scope {
            target: self.target,
            extras: &self.selection.extras,
            groups: &[],
        };
        if !requirement.applies(scope) {
            return;
        }
        let own = self.dependencies.own_name.as_deref().map(normalize);
        if own.as_ref() == Some(&requirement.name) {
            for extra in &requirement.extras {
                self.extra(&Spanned {
                    value: extra.clone(),
                    place: request.place.clone(),
                });
            }
            return;
        }
        self.selection.declared.push(DeclaredRequirement {
            requirement,
            place: request.place.clone(),
        });
    }

    /// A project cannot depend on itself. Where a requirement has its name, another project of
    /// that name is meant, which would not be installed.
    fn refuse_itself(&mut self, request: &Spanned<String>) {
        let Ok(requirement) = Requirement::parse(&request.value) else {
            return;
        };
        let own = self.dependencies.own_name.as_deref().map(normalize);
        if own.as_ref() != Some(&requirement.name) || !requirement.extras.is_empty() {
            return;
        }
        let name = &requirement.name;
        let text = format!("the project `{name}` depends on `{name}`, which is the project itself");
        let hint = "to depend on a distribution of that name, give the project another name: `name = \"...\"` under [project]";
        self.refuse(Diagnostic::new(text).with_hint(hint), &request.place);
    }

    fn extra(&mut self, request: &Spanned<String>) {
        let name = normalize(&request.value);
        if self.selection.extras.contains(&name) {
            return;
        }
        match find(&self.dependencies.optional, &name) {
            Some(requests) => {
                self.selection.extras.push(name);
                if self.enter(request) {
                    for request in requests {
                        self.requirement(request);
                    }
                    self.depth -= 1;
                }
            }
            None => self.unknown(
                "extra",
                "[project.optional-dependencies]",
                self.dependencies.optional.keys().cloned().collect(),
                request,
            ),
        }
    }

    /// `path` holds the groups that are being included.
    fn group(&mut self, request: &Spanned<String>, path: &mut Vec<String>) {
        let name = normalize(&request.value);
        if path.contains(&name) {
            path.push(name);
            let diagnostic = Diagnostic::new(format!(
                "the dependency groups include each other in a circle: {}",
                path.join(" -> ")
            ))
            .with_hint("remove one `include-group` of the circle");
            path.pop();
            return self.refuse(diagnostic, &request.place);
        }
        let Some(items) = find(&self.dependencies.groups, &name) else {
            return self.unknown(
                "dependency group",
                "[dependency-groups]",
                self.dependencies.groups.keys().cloned().collect(),
                request,
            );
        };
        if !self.selection.groups.contains(&name) && path.is_empty() {
            self.selection.groups.push(name.clone());
        }
        if !self.taken.insert(name.clone()) || !self.enter(request) {
            return;
        }
        path.push(name);
        for item in items {
            match item {
                GroupItem::Requirement(request) => self.requirement(request),
                GroupItem::Include(request) => self.group(request, path),
            }
        }
        path.pop();
        self.depth -= 1;
    }

    /// Goes into an extra or a group, unless that is too deep.
    fn enter(&mut self, request: &Spanned<String>) -> bool {
        if self.depth == DEEPEST {
            let text = format!(
                "more than {DEEPEST} extras or dependency groups include each other in a chain, down to `{}`",
                request.value
            );
            self.refuse(
                Diagnostic::new(text).with_hint("include the requirements directly"),
                &request.place,
            );
            return false;
        }
        self.depth += 1;
        true
    }

    fn unknown(&mut self, kind: &str, table: &str, known: Vec<String>, request: &Spanned<String>) {
        let hint = match closest(&request.value, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("the project has no {table}"),
            None => format!("{table} has {}", known.join(", ")),
        };
        self.refuse(
            Diagnostic::new(format!("there is no {kind} `{}`", request.value)).with_hint(hint),
            &request.place,
        );
    }

    fn refuse(&mut self, mut diagnostic: Diagnostic, place: &Option<Location>) {
        diagnostic.location.clone_from(place);
        self.wrong.push(diagnostic);
    }
}

fn find<'t, T>(table: &'t BTreeMap<String, T>, name: &str) -> Option<&'t T> {
    table
        .iter()
        .find(|(key, _)| normalize(key) == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use pywasm_project::{Dependencies, GroupItem, Spanned};
    use pywasm_target::Target;

    use super::collect;

    #[test]
    fn an_extra_that_a_backend_wrote_into_a_marker_counts_where_it_is_chosen() {
        let lines = [
            "six>=1; python_version > \"3\"",
            "attrs>=1; extra == \"a\"",
            "idna; (os_name == 'posix') and extra == 'b'",
        ];
        let extras = ["a", "b"].map(str::to_owned);
        let target = Target::new("3.13.15".parse().expect("a version"));
        let names = |chosen: &[&str]| {
            let mut dependencies = Dependencies::default();
            dependencies.take(lines.map(str::to_owned).to_vec(), extras.clone().into_iter());
            let chosen = chosen.iter().map(|extra| Spanned {
                value: (*extra).to_owned(),
                place: None,
            });
            dependencies.extras = chosen.collect();
            let declared = collect(&dependencies, &target).expect("known extras").declared;
            let names = declared.into_iter().map(|declared| declared.requirement.name);
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(&[]), "six");
        assert_eq!(names(&["a"]), "six attrs");
        assert_eq!(names(&["b"]), "six idna");
    }

    #[test]
    fn a_group_that_many_others_include_is_taken_once() {
        let at = |value: String| Spanned { value, place: None };
        let include = |number: u32| GroupItem::Include(at(format!("g{number}")));
        // Each includes the next one twice: 2^64 ways lead to the last.
        let mut groups: BTreeMap<String, Vec<GroupItem>> = (0..64)
            .map(|number| {
                (
                    format!("g{number}"),
                    vec![include(number + 1), include(number + 1)],
                )
            })
            .collect();
        groups.insert(
            "g64".to_owned(),
            vec![GroupItem::Requirement(at("six".to_owned()))],
        );
        let dependencies = Dependencies {
            groups,
            with_groups: vec![at("g0".to_owned())],
            ..Dependencies::default()
        };
        let target = Target::new("3.13.15".parse().expect("a version"));
        let declared = collect(&dependencies, &target).expect("known groups").declared;
        assert_eq!(declared.len(), 1);
    }

    #[test]
    fn a_long_chain_is_refused() {
        let at = |value: String| Spanned { value, place: None };
        let group = |number| GroupItem::Include(at(format!("g{number}")));
        let chain = (0..1000).map(|number| (format!("g{number}"), vec![group(number + 1)]));
        let extra = |number| at(format!("own[e{number}]"));
        let extras = (0..1000).map(|number| (format!("e{number}"), vec![extra(number + 1)]));
        let target = Target::new("3.13.15".parse().expect("a version"));
        for (extra, group) in [
            (vec![at("e0".to_owned())], vec![]),
            (vec![], vec![at("g0".to_owned())]),
        ] {
            let dependencies = Dependencies {
                own_name: Some("own".to_owned()),
                optional: extras.clone().collect(),
                groups: chain.clone().collect(),
                extras: extra,
                with_groups: group,
                ..Dependencies::default()
            };
            let refused = collect(&dependencies, &target).expect_err("too long");
            assert!(refused.to_string().contains("in a chain"), "{refused}");
        }
    }
}
