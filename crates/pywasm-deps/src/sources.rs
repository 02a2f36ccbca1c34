//! Finds what a project depends on, in order of precedence: the requirements files that were named;
//! `pylock.toml`, then `uv.lock` beside `pyproject.toml`; the tables of `pyproject.toml`. Only the
//! first one that exists counts.

use std::fs;
use std::path::{Path, PathBuf};

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::{Project, Spanned, normalize};
use pywasm_target::{Target, WasiWheels};

use crate::choose::Choice;
use crate::declared::{self, DeclaredRequirement, Selection};
use crate::error::{Error, IoContext as _};
use crate::requirement_set::RequirementSet;
use crate::tags::Tags;
use crate::{pylock, requirements_file, uv_lock};

/// What has to be installed for the project.
pub(crate) fn collect(project: &Project, target: &Target) -> Result<RequirementSet, Error> {
    let dependencies = &project.dependencies;
    let sdists: Vec<String> = dependencies
        .sdists
        .iter()
        .map(|request| normalize(&request.value))
        .collect();
    if !dependencies.requirements.is_empty() {
        if let Some(request) = dependencies.extras.iter().chain(&dependencies.with_groups).next() {
            let text = format!(
                "`{}` cannot be combined with `requirements`, which replaces all declared dependencies",
                request.value
            );
            let diagnostic = Diagnostic::new(text).with_hint("remove one of the two");
            return Err(Error::project(with_location(diagnostic, request)));
        }
        let files: Vec<PathBuf> = dependencies
            .requirements
            .iter()
            .map(|request| file(project, request))
            .collect::<Result<_, _>>()?;
        return requirements_file::read(&files, &project.root, target, &sdists);
    }
    let asked = declared::collect(dependencies, target)?;
    let tags = Tags::new(*target, WasiWheels::Taken);
    let choice = |file| Choice {
        tags: &tags,
        sdists: &sdists,
        file,
        folder: &project.root,
    };
    if dependencies.has_tables() || dependencies.is_dynamic {
        if let Some(text) = read(&project.root, "pylock.toml")? {
            let wanted = pylock::read(&text, &asked, target, choice("pylock.toml"))?;
            return check_fresh(
                wanted,
                &asked.declared,
                "uv export --format pylock.toml -o pylock.toml",
            );
        }
        if let Some(text) = read(&project.root, "uv.lock")? {
            let wanted = uv_lock::read(
                &text,
                dependencies.own_name.as_deref(),
                &asked,
                target,
                choice("uv.lock"),
            )?;
            return check_fresh(wanted, &asked.declared, "uv lock");
        }
    }
    let mut open: Vec<_> = asked
        .declared
        .into_iter()
        .map(|declared| declared.requirement)
        .collect();
    open.sort_by_key(|requirement| requirement.line());
    open.dedup_by_key(|requirement| requirement.line());
    let mut warnings = Vec::new();
    if dependencies.is_dynamic {
        let text = "the project's build backend computes its `dependencies`, so pywasm does not know them";
        warnings.push(
            Diagnostic::new(text)
                .with_location(Location::file("pyproject.toml"))
                .with_hint(
                    "write a lock, or name the file that lists them: `requirements = [\"requirements.txt\"]`",
                ),
        );
    }
    Ok(RequirementSet {
        file: "pyproject.toml".to_owned(),
        warnings,
        open,
        ..RequirementSet::default()
    })
}

/// A lock has to hold what `pyproject.toml` asks for.
fn check_fresh(
    wanted: RequirementSet,
    declared: &[DeclaredRequirement],
    command: &str,
) -> Result<RequirementSet, Error> {
    let mut wrong = Vec::new();
    // What is a folder in the lock was told of already.
    let is_folder = |name: &str| {
        wanted
            .warnings
            .iter()
            .any(|warning| warning.message.contains(&format!("`{name}`")))
    };
    for DeclaredRequirement { requirement, place } in declared {
        let name = &requirement.name;
        let mut pins = wanted.pins.iter().filter(|pin| pin.name == *name).peekable();
        let text = match pins.peek().map(|pin| pin.version.clone()) {
            None if is_folder(name) => continue,
            None => format!("`{}` is out of date: it does not pin `{name}`", wanted.file),
            Some(Some(version)) if !requirement.takes(&version) => {
                format!(
                    "`{}` is out of date: it pins `{name}` {version}, but the project requires `{}`",
                    wanted.file,
                    requirement.line()
                )
            }
            Some(_) => continue,
        };
        let mut diagnostic = Diagnostic::new(text).with_hint(format!("lock again: `{command}`"));
        diagnostic.location.clone_from(place);
        wrong.push(diagnostic);
    }
    if wrong.is_empty() {
        Ok(wanted)
    } else {
        Err(Error::Project(wrong))
    }
}

fn read(root: &Path, name: &str) -> Result<Option<String>, Error> {
    let path = root.join(name);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(Error::project(
            Diagnostic::new("the file is not UTF-8, as TOML has to be")
                .with_location(Location::file(name))
                .with_hint("write the lock again"),
        )),
        Err(error) => Err(error).with_path("read", &path),
    }
}

/// A path that the configuration names counts from the project, one of the command line from
/// where the user stands.
pub(crate) fn file(project: &Project, request: &Spanned<String>) -> Result<PathBuf, Error> {
    let path = match request.place {
        Some(_) => project.root.join(&request.value),
        None => PathBuf::from(&request.value),
    };
    fs::canonicalize(&path).map_err(|_| {
        Error::project(with_location(
            Diagnostic::new(format!("there is no `{}`", request.value)),
            request,
        ))
    })
}

fn with_location(mut diagnostic: Diagnostic, request: &Spanned<String>) -> Diagnostic {
    diagnostic.location.clone_from(&request.place);
    diagnostic
}

/// The names that the project asks for itself, of everything or of nothing; to see whether they
/// are there already.
pub(crate) fn names(project: &Project, target: &Target) -> Result<Vec<String>, Error> {
    let Selection { declared, .. } = declared::collect(&project.dependencies, target)?;
    Ok(declared
        .into_iter()
        .map(|declared| declared.requirement.name)
        .collect())
}
