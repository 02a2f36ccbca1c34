//! Writes for GitHub Actions: workflow commands on standard output, and a page in the file that
//! GITHUB_STEP_SUMMARY names.
//!
//! The runner takes a line `::warning file=F,line=N::MESSAGE` as an annotation. Characters that would
//! end a line or a property are written as `%XX` (docs.github.com, "Workflow commands").

use std::{
    env,
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use pywasm_diagnostic::{Diagnostic, Failure, Location};
use pywasm_report::{
    WarningEntry,
    budget::{BudgetRow, Verdict, describe_exceeded},
};

use crate::{failure, output};

/// The level of an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Worth knowing.
    Notice,
    /// Something may go wrong.
    Warning,
    /// Something is wrong.
    Error,
}

/// One annotation.
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    pub(crate) level: Level,
    pub(crate) message: String,
    /// The file as the user knows it, relative to the project, and its line; 0 for the file as a whole.
    pub(crate) place: Option<(String, u32)>,
}

impl Annotation {
    /// Makes an annotation of a diagnostic.
    pub(crate) fn from_diagnostic(level: Level, diagnostic: &Diagnostic) -> Self {
        let mut message = diagnostic.message.clone();
        for more in diagnostic.notes.iter().chain(&diagnostic.hint) {
            message = format!("{message}\n{more}");
        }
        let place = |place: &Location| (place.file.clone(), place.line);
        Self {
            level,
            message,
            place: diagnostic.location.as_ref().map(place),
        }
    }

    /// Makes an annotation of a warning in a report.
    pub(crate) fn from_warning(warning: &WarningEntry) -> Self {
        let hint = warning
            .hint
            .as_ref()
            .map_or_else(String::new, |hint| format!("\n{hint}"));
        let file = warning.file.clone();
        Self {
            level: Level::Warning,
            message: warning.message.clone() + &hint,
            place: file.map(|file| (file, warning.line.unwrap_or(0))),
        }
    }

    /// Makes an annotation of a budget, if it is exceeded.
    pub(crate) fn from_budget(row: &BudgetRow) -> Option<Self> {
        let (message, largest) = describe_exceeded(row);
        (row.verdict == Verdict::Exceeded).then(|| Self {
            level: Level::Error,
            message: std::iter::once(message)
                .chain(largest)
                .collect::<Vec<_>>()
                .join("\n"),
            place: Some(("pyproject.toml".to_owned(), row.line.unwrap_or(0))),
        })
    }

    /// The line for the runner. Files count from the top of the repository; one that is not in
    /// it, such as a dependency's, is named in the message.
    fn line(&self, project: &Path) -> String {
        let level = match self.level {
            Level::Notice => "notice",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let (mut properties, mut message) = (String::new(), self.message.clone());
        if let Some((file, line)) = &self.place {
            match in_repository(&project.join(file), "GITHUB_WORKSPACE") {
                Some(path) => {
                    properties = format!(" file={}", property(&path));
                    if *line > 0 {
                        properties += &format!(",line={line}");
                    }
                }
                None if *line > 0 => message = format!("{file}:{line}: {message}"),
                None => message = format!("{file}: {message}"),
            }
        }
        format!("::{level}{properties}::{}\n", data(&message))
    }
}

/// The folder of the project at a path, which may be a script's.
pub(crate) fn folder(project: &Path) -> &Path {
    match project.is_file() {
        true => project.parent().unwrap_or(Path::new("")),
        false => project,
    }
}

/// Prints annotations of the project at a path.
pub(crate) fn annotate(project: &Path, annotations: &[Annotation]) -> anyhow::Result<()> {
    let project = folder(project);
    let lines: String = annotations.iter().map(|one| one.line(project)).collect();
    output::print(&lines)
}

/// Passes on the result of a command. With `--format github`, its error becomes annotations first.
pub(crate) fn annotate_result<T>(
    is_github: bool,
    project: &Path,
    ended: anyhow::Result<T>,
) -> anyhow::Result<T> {
    if let (true, Err(error)) = (is_github, &ended) {
        annotate_failure(project, &failure::explain(error))?;
    }
    ended
}

/// Prints an error that ends a build as annotations, each at its location.
pub(crate) fn annotate_failure(project: &Path, failure: &Failure) -> anyhow::Result<()> {
    let mut annotations: Vec<Annotation> = failure
        .diagnostics
        .iter()
        .map(|diagnostic| Annotation::from_diagnostic(Level::Error, diagnostic))
        .collect();
    if annotations.is_empty() {
        let mut message = failure.message.clone();
        for cause in &failure.causes {
            message = format!("{message}: {cause}");
        }
        if let Some(hint) = &failure.hint {
            message = format!("{message}\n{hint}");
        }
        annotations.push(Annotation {
            level: Level::Error,
            message,
            place: None,
        });
    }
    annotate(project, &annotations)
}

/// Adds a page to the step's summary. Does nothing outside of GitHub Actions.
pub(crate) fn summary(markdown: &str) -> anyhow::Result<()> {
    let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let path = PathBuf::from(path);
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| format!("cannot open {}, which GITHUB_STEP_SUMMARY names", path.display()))?;
    file.write_all(format!("{markdown}\n").as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Returns a file's path relative to the top of the repository, which a variable names in CI, or to this folder.
pub(crate) fn in_repository(path: &Path, variable: &str) -> Option<String> {
    let path = fs::canonicalize(path).ok().filter(|path| path.is_file())?;
    let top = env::var_os(variable).filter(|top| !top.is_empty());
    let top = top.map_or_else(env::current_dir, |top| Ok(PathBuf::from(top)));
    let top = fs::canonicalize(top.ok()?).ok()?;
    Some(path.strip_prefix(top).ok()?.to_str()?.replace('\\', "/"))
}

/// Escapes the text after `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_line_or_a_property_is_escaped() {
        let annotation = Annotation {
            level: Level::Warning,
            message: "100 %: a, b\r\n::error::c".to_owned(),
            place: Some(("no/such:file,here.py".to_owned(), 3)),
        };
        let told = annotation.line(Path::new("."));
        assert_eq!(
            told,
            "::warning::no/such:file,here.py:3: 100 %25: a, b%0D%0A::error::c\n"
        );
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
