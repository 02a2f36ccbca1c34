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

/// The files of locks, in the order in which they count.
pub(crate) const LOCKS: [&str; 2] = ["pylock.toml", "uv.lock"];

/// Collects what has to be installed for the project.
pub(crate) fn collect(project: &Project, target: &Target) -> Result<RequirementSet, Error> {
    let dependencies = &project.dependencies;
    let sdists: Vec<String> = dependencies
        .sdists
        .iter()
        .map(|request| normalize(&request.value))
        .collect();
    if !dependencies.requirements.is_empty() {
        return collect_from_files(project, target, &sdists);
    }
    let selection = declared::collect(dependencies, target)?;
    if let Some(locked) = collect_from_lock(project, &selection, target, &sdists)? {
        return Ok(locked);
    }
    let mut open: Vec<_> = selection
        .declared
        .into_iter()
        .map(|declared| declared.requirement)
        .collect();
    open.sort_by_key(|requirement| requirement.line());
    open.dedup_by_key(|requirement| requirement.line());
    let mut warnings = Vec::new();
    if dependencies.is_dynamic {
        let text = "the project's build backend computes its `dependencies`, so pywasm does not know them";
        let mut warning = Diagnostic::new(text).with_location(Location::file("pyproject.toml"));
        let failure = project
            .metadata
            .iter()
            .find_map(|metadata| metadata.failure.as_deref());
        if let Some(reason) = failure {
            warning = warning.with_note(format!("the build backend does not tell: {reason}"));
        }
        let hint = "write a lock, or name the file that lists them: `requirements = [\"requirements.txt\"]`";
        warnings.push(warning.with_hint(hint));
    }
    Ok(RequirementSet {
        file: "pyproject.toml".to_owned(),
        warnings,
        open,
        ..RequirementSet::default()
    })
}

/// Reads the requirements files that the project names.
fn collect_from_files(
    project: &Project,
    target: &Target,
    sdists: &[String],
) -> Result<RequirementSet, Error> {
    let dependencies = &project.dependencies;
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
    requirements_file::read(&files, &project.root, target, sdists)
}

/// Reads the lock file of a project that declares dependencies, if there is one.
fn collect_from_lock(
    project: &Project,
    selection: &Selection,
    target: &Target,
    sdists: &[String],
) -> Result<Option<RequirementSet>, Error> {
    let dependencies = &project.dependencies;
    if !dependencies.has_tables() && !dependencies.is_dynamic {
        return Ok(None);
    }
    let tags = Tags::new(*target, WasiWheels::Taken);
    let choice = |file| Choice {
        tags: &tags,
        sdists,
        file,
        folder: &project.root,
    };
    let [pylock, uv] = LOCKS;
    if let Some(text) = read(&project.root, pylock)? {
        let locked = pylock::read(&text, selection, target, choice(pylock))?;
        let command = "uv export --format pylock.toml -o pylock.toml";
        return check_fresh(locked, &selection.declared, command).map(Some);
    }
    if let Some(text) = read(&project.root, uv)? {
        let own_name = dependencies.own_name.as_deref();
        let locked = uv_lock::read(&text, own_name, selection, target, choice(uv))?;
        return check_fresh(locked, &selection.declared, "uv lock").map(Some);
    }
    Ok(None)
}

/// Checks that a lock pins what `pyproject.toml` requires.
fn check_fresh(
    wanted: RequirementSet,
    declared: &[DeclaredRequirement],
    command: &str,
) -> Result<RequirementSet, Error> {
    let mut wrong = Vec::new();
    // A folder in the lock has a warning already.
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

/// A path. In the configuration it is relative to the project, on the command line relative to
/// the current folder.
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

/// The names of the distributions that the project itself requires, to see whether they
/// are there already.
pub(crate) fn names(project: &Project, target: &Target) -> Result<Vec<String>, Error> {
    let Selection { declared, .. } = declared::collect(&project.dependencies, target)?;
    Ok(declared
        .into_iter()
        .map(|declared| declared.requirement.name)
        .collect())
}
