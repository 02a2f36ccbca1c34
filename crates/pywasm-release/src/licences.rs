//! What a build put into an artifact in, one text with the licences of all of it out: a list of
//! the parts, sorted, and behind it each licence's text once. A text that is nowhere is said in
//! the file, and told.

mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pywasm_deps::distributions;
use pywasm_diagnostic::Diagnostic;

use crate::sbom::{Subject, is_inside, title, undeclared};

/// Where the texts are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The base's folder.
    pub base: &'a Path,
    /// The folders that dependencies are imported from.
    pub paths: &'a [PathBuf],
    /// The project's own folder.
    pub project: &'a Path,
}

/// The licences of all that is in an artifact.
#[derive(Clone, Debug)]
pub struct Licences {
    /// The content of `LICENSES.txt`.
    pub text: String,
    /// What has no text.
    pub warnings: Vec<Diagnostic>,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// What is installed cannot be read.
    #[error(transparent)]
    Dependencies(#[from] pywasm_deps::Error),
}

/// One part, and what covers it.
struct Part {
    name: String,
    version: String,
    licence: Option<String>,
    /// The names of the files and what is in them.
    texts: Vec<(String, String)>,
}

/// Collects the licences.
///
/// # Errors
/// Where a text is named and cannot be read.
pub fn collect(subject: &Subject<'_>, places: &Places<'_>) -> Result<Licences, Error> {
    let mut parts = base_parts(subject, places.base)?;
    parts.extend(distribution_parts(subject, places.paths)?);
    parts.extend(undeclared(subject.report).into_iter().map(|name| Part {
        name,
        version: String::new(),
        licence: None,
        texts: Vec::new(),
    }));
    parts.sort_by(|a, b| (a.name.to_lowercase(), &a.version).cmp(&(b.name.to_lowercase(), &b.version)));
    let mut warnings: Vec<Diagnostic> = parts
        .iter()
        .filter(|part| part.texts.is_empty())
        .map(missing)
        .collect();
    let project = &subject.report.project;
    let own = Part {
        name: project.name.clone(),
        version: project.version.clone().unwrap_or_default(),
        licence: project.license.clone(),
        texts: files::beside(places.project)?,
    };
    // The program itself comes first; whether it has a licence is its owner's matter.
    parts.insert(0, own);
    warnings.sort();
    Ok(Licences {
        text: render(&parts),
        warnings,
    })
}

fn missing(part: &Part) -> Diagnostic {
    let name = format!("{} {}", part.name, part.version);
    Diagnostic::new(format!(
        "no text of the licence of `{}` was found",
        name.trim_end()
    ))
    .with_hint("look for it where the part comes from, and add it to what you hand on")
}

/// The base's libraries of which something can be in the artifact.
fn base_parts(subject: &Subject<'_>, base: &Path) -> Result<Vec<Part>, Error> {
    let inside = subject
        .base
        .sources
        .iter()
        .filter(|source| is_inside(&source.name, subject.report));
    inside
        .map(|source| {
            let text = files::inside(base, &source.license_file)?;
            let name = source.license_file.rsplit('/').next().unwrap_or_default();
            Ok(Part {
                name: title(&source.name).to_owned(),
                version: Some(source.version.clone())
                    .filter(|version| !version.starts_with("as in "))
                    .unwrap_or_default(),
                licence: Some(source.license.clone()),
                texts: text.map(|text| (name.to_owned(), text)).into_iter().collect(),
            })
        })
        .collect()
}

/// The installed distributions of which something is in the artifact.
fn distribution_parts(subject: &Subject<'_>, paths: &[PathBuf]) -> Result<Vec<Part>, Error> {
    let entries = &subject.report.distributions;
    let mut installed = BTreeMap::new();
    for root in paths.iter().filter(|_| !entries.is_empty()) {
        for distribution in distributions(root)? {
            let key = (distribution.shown.clone(), distribution.version.clone());
            installed.entry(key).or_insert(distribution);
        }
    }
    entries
        .iter()
        .map(|entry| {
            let found = installed.get(&(entry.name.clone(), entry.version.clone()));
            Ok(Part {
                name: entry.name.clone(),
                version: entry.version.clone(),
                licence: entry.license.clone(),
                texts: found.map(files::of_distribution).transpose()?.unwrap_or_default(),
            })
        })
        .collect()
}

fn render(parts: &[Part]) -> String {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut texts: Vec<(&str, Vec<String>)> = Vec::new();
    let mut list = String::new();
    for part in parts {
        let title = format!("{} {}", part.name, part.version).trim_end().to_owned();
        list += &format!("{title}\n");
        list += &format!("  licence: {}\n", part.licence.as_deref().unwrap_or("not said"));
        if part.texts.is_empty() {
            list += "  text: none was found\n";
        }
        for (name, text) in &part.texts {
            let number = *numbers.entry(text).or_insert_with(|| {
                texts.push((text, Vec::new()));
                texts.len()
            });
            texts[number - 1].1.push(format!("{name} of {title}"));
            list += &format!("  text: [{number}] {name}\n");
        }
        list.push('\n');
    }
    let mut all = format!(
        "This artifact contains the parts below. The texts that [1], [2], ... stand for are behind the list, each once.\n\n{list}"
    );
    for (at, (text, names)) in texts.iter().enumerate() {
        let line = "=".repeat(78);
        all += &format!(
            "{line}\n[{}] {}\n{line}\n\n{}\n\n",
            at + 1,
            names.join(", "),
            text.trim_end()
        );
    }
    all.truncate(all.trim_end().len());
    all.push('\n');
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_two_parts_share_is_shown_once() {
        let part = |name: &str, texts: &[&str]| Part {
            name: name.to_owned(),
            version: "1".to_owned(),
            licence: Some("MIT".to_owned()),
            texts: texts
                .iter()
                .map(|text| ("LICENSE".to_owned(), (*text).to_owned()))
                .collect(),
        };
        let text = render(&[
            part("a", &["first\n"]),
            part("b", &["second", "first\n"]),
            part("c", &[]),
        ]);
        assert_eq!(text.matches("first").count(), 1, "{text}");
        assert!(text.contains("[1] LICENSE of a 1, LICENSE of b 1\n"), "{text}");
        assert!(
            text.contains("c 1\n  licence: MIT\n  text: none was found\n"),
            "{text}"
        );
    }
}
