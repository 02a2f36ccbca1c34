//! Applies the choices of hooks: parts of a package, such as its locales, of which a project names those
//! that it needs. Parts that nobody has chosen all come along.

use pywasm_diagnostic::Diagnostic;
use pywasm_project::{Spanned, closest};
use serde::Deserialize;

use crate::hooks::Hooks;
use crate::request::Request;

/// The parts of a package that a project can choose from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceRow {
    /// The package, which is also the key of the choice.
    pub(crate) package: String,
    /// What the parts are, in the plural.
    pub(crate) what: String,
    /// Their files, below the package's folder; `{}` stands for the part's name, and `{}/**` for a folder
    /// of that name.
    #[serde(default)]
    pub(crate) files: Vec<String>,
    /// Their modules.
    #[serde(default)]
    pub(crate) modules: Vec<String>,
    /// Parts that the others need.
    #[serde(default)]
    pub(crate) always: Vec<String>,
    /// Why.
    #[expect(dead_code, reason = "it is for people who read the file")]
    reason: String,
}

/// A choice, and what the project has chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The package.
    pub package: String,
    /// What the parts are, in the plural.
    pub what: String,
    files: Vec<String>,
    modules: Vec<String>,
    always: Vec<String>,
    /// The names and patterns with `*` that the project keeps. `None` if it has not chosen.
    chosen: Option<Vec<String>>,
}

impl Choice {
    /// Whether the project has chosen.
    pub fn is_made(&self) -> bool {
        self.chosen.is_some()
    }

    /// Gives the part that a file belongs to, by its path below `site-packages`.
    pub fn part_of_file<'p>(&self, path: &'p str) -> Option<&'p str> {
        let below = path
            .strip_prefix(&self.package.replace('.', "/"))?
            .strip_prefix('/')?;
        self.files.iter().find_map(|template| part(template, below))
    }

    /// Gives the part that a module belongs to.
    pub fn part_of_module<'p>(&self, module: &'p str) -> Option<&'p str> {
        self.modules.iter().find_map(|template| {
            let part = part(template, module)?;
            (!part.contains('.')).then_some(part)
        })
    }

    /// Whether a part comes along. A name also keeps what it inherits from: `de_CH` keeps `de`.
    pub fn keeps(&self, part: &str) -> bool {
        let Some(chosen) = &self.chosen else { return true };
        let inherits = |name: &String| {
            let rest = name.strip_prefix(part);
            rest.is_some_and(|rest| rest.starts_with(['_', '-']))
        };
        self.always.iter().any(|name| name == part)
            || chosen.iter().any(|name| matches(name, part) || inherits(name))
    }
}

/// Whether a name or a pattern with `*` means a part.
fn matches(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern.eq_ignore_ascii_case(part),
        Some((start, rest)) => match part.strip_prefix(start) {
            None => false,
            Some(tail) => {
                let mut ends = (0..=tail.len()).filter(|at| tail.is_char_boundary(*at));
                ends.any(|at| matches(rest, &tail[at..]))
            }
        },
    }
}

/// Gives what stands for `{}` in a text that fits a template. With `/**` at the end of the template, it is
/// the name of a folder.
fn part<'p>(template: &str, text: &'p str) -> Option<&'p str> {
    if let Some(start) = template.strip_suffix("{}/**") {
        let (folder, _) = text.strip_prefix(start)?.split_once('/')?;
        return Some(folder);
    }
    let (start, end) = template.split_once("{}")?;
    let part = text.strip_prefix(start)?.strip_suffix(end)?;
    (!part.is_empty()).then_some(part)
}

/// Collects the choices of the hooks, and reports those of the project that no hook has.
pub(crate) fn collect(hooks: &Hooks, request: &Request) -> (Vec<Choice>, Vec<Diagnostic>) {
    let rows: Vec<&ChoiceRow> = hooks.choices().collect();
    let choices = rows.iter().map(|row| Choice {
        package: row.package.clone(),
        what: row.what.clone(),
        files: row.files.clone(),
        modules: row.modules.clone(),
        always: row.always.clone(),
        chosen: find_chosen(&request.keep, &row.package),
    });
    let choices = choices.collect();
    let mut errors = Vec::new();
    for (key, _) in &request.keep {
        if rows.iter().any(|row| row.package == key.value) {
            continue;
        }
        let message = format!(
            "`keep`: `{}` has no parts to choose from, or is not installed",
            key.value
        );
        let mut diagnostic = Diagnostic::new(message);
        diagnostic.location.clone_from(&key.place);
        let near = closest(&key.value, rows.iter().map(|row| row.package.as_str()));
        if let Some(near) = near {
            diagnostic = diagnostic.with_hint(format!("did you mean `{near}`?"));
        }
        errors.push(diagnostic);
    }
    (choices, errors)
}

fn find_chosen(keep: &[(Spanned<String>, Vec<String>)], package: &str) -> Option<Vec<String>> {
    let named = keep.iter().find(|(key, _)| key.value == package);
    named.map(|(_, names)| names.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_what_it_inherits_from() {
        let choice = |chosen: &[&str]| Choice {
            package: "babel".to_owned(),
            what: "locales".to_owned(),
            files: vec!["locale-data/{}.dat".to_owned()],
            modules: vec!["babel.data.region_{}".to_owned()],
            always: vec!["root".to_owned()],
            chosen: Some(chosen.iter().map(|name| (*name).to_owned()).collect()),
        };
        let chosen = choice(&["de_CH", "zh*"]);
        let kept: Vec<&str> = ["root", "de", "de_CH", "de_AT", "d", "zh_Hans", "en"]
            .into_iter()
            .filter(|part| chosen.keeps(part))
            .collect();
        assert_eq!(kept, ["root", "de", "de_CH", "zh_Hans"]);
        assert_eq!(chosen.part_of_file("babel/locale-data/de.dat"), Some("de"));
        assert_eq!(chosen.part_of_file("babel/global.dat"), None);
        assert_eq!(chosen.part_of_module("babel.data.region_DE"), Some("DE"));
        assert_eq!(part("data/{}/**", "data/s3/2006/service.json"), Some("s3"));
        assert_eq!(part("data/{}/**", "data/endpoints.json"), None);
        assert!(choice(&["*"]).keeps("en") && !choice(&[]).keeps("en"));
    }
}
