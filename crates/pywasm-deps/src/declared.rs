//! Collects the requirements of `pyproject.toml` that apply to the target, with the chosen extras
//! and groups. Groups include each other (PEP 735), and extras may name the project itself with
//! other extras.

use std::collections::BTreeMap;

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

struct Collector<'a> {
    dependencies: &'a Dependencies,
    target: &'a Target,
    selection: Selection,
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
                for request in requests {
                    self.requirement(request);
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
        path.push(name);
        for item in items {
            match item {
                GroupItem::Requirement(request) => self.requirement(request),
                GroupItem::Include(request) => self.group(request, path),
            }
        }
        path.pop();
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
    use pywasm_project::{Dependencies, Spanned};
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
}
