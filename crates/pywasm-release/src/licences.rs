//! Collects the licences of everything in an artifact into one text: a sorted list of the parts, and
//! then the text of each licence once. A missing text is noted in the file and gives a warning.

mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pywasm_deps::distributions;
use pywasm_diagnostic::Diagnostic;

use crate::sbom::{SbomSubject, is_inside, title, undeclared_modules};

/// The folders that are searched for texts.
#[derive(Clone, Copy, Debug)]
pub struct LicenceFolders<'a> {
    /// The base's folder.
    pub base: &'a Path,
    /// The folders that dependencies are imported from.
    pub paths: &'a [PathBuf],
    /// The project's own folder.
    pub project: &'a Path,
}

/// The licences of everything in an artifact.
#[derive(Clone, Debug)]
pub struct Licences {
    /// The content of `LICENSES.txt`.
    pub text: String,
    /// Warnings about parts without a text.
    pub warnings: Vec<Diagnostic>,
}

/// Why the licences cannot be collected.
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
    /// The installed distributions cannot be read.
    #[error(transparent)]
    Dependencies(#[from] pywasm_deps::Error),
}

/// A part of an artifact, and its licence.
struct Part {
    name: String,
    version: String,
    licence: Option<String>,
    /// The names and contents of its licence files.
    texts: Vec<(String, String)>,
}

/// Collects the licences.
///
/// # Errors
/// When a licence file cannot be read.
pub fn collect(subject: &SbomSubject<'_>, folders: &LicenceFolders<'_>) -> Result<Licences, Error> {
    let mut parts = base_parts(subject, folders.base)?;
    parts.extend(distribution_parts(subject, folders.paths)?);
    parts.extend(undeclared_modules(subject.report).into_iter().map(|name| Part {
        name,
        version: String::new(),
        licence: None,
        texts: Vec::new(),
    }));
    parts.sort_by(|a, b| (a.name.to_lowercase(), &a.version).cmp(&(b.name.to_lowercase(), &b.version)));
    let mut warnings: Vec<Diagnostic> = parts
        .iter()
        .filter(|part| part.texts.is_empty())
        .map(warn_missing)
        .collect();
    let project = &subject.report.project;
    let own = Part {
        name: project.name.clone(),
        version: project.version.clone().unwrap_or_default(),
        licence: project.license.clone(),
        texts: files::read_project(folders.project)?,
    };
    // The program itself comes first. Whether it has a licence is up to its owner, so it gives no
    // warning.
    parts.insert(0, own);
    warnings.sort();
    Ok(Licences {
        text: render(&parts),
        warnings,
    })
}

fn warn_missing(part: &Part) -> Diagnostic {
    let name = format!("{} {}", part.name, part.version);
    Diagnostic::new(format!("pywasm found no licence text for `{}`", name.trim_end()))
        .with_hint("get the text from the source of the part, and add it to what you distribute")
}

/// Lists the base's libraries that can be in the artifact.
fn base_parts(subject: &SbomSubject<'_>, base: &Path) -> Result<Vec<Part>, Error> {
    let inside = subject
        .base
        .sources
        .iter()
        .filter(|source| is_inside(&source.name, subject.report));
    inside
        .map(|source| {
            let text = files::read_inside(base, &source.license_file)?;
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

/// Lists the installed distributions that are in the artifact.
fn distribution_parts(subject: &SbomSubject<'_>, paths: &[PathBuf]) -> Result<Vec<Part>, Error> {
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
                texts: found
                    .map(files::read_distribution)
                    .transpose()?
                    .unwrap_or_default(),
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
        list += &format!("  licence: {}\n", part.licence.as_deref().unwrap_or("not stated"));
        if part.texts.is_empty() {
            list += "  text: not found\n";
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
        "This artifact contains the parts below. The texts [1], [2], ... follow after the list, each once.\n\n{list}"
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
            text.contains("c 1\n  licence: MIT\n  text: not found\n"),
            "{text}"
        );
    }
}
