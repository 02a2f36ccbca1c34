//! Finds data files by globs and package folders, and their places in the guest. Globs are relative
//! to the project's root. A file inside a source root is placed beside the modules of that root, so
//! that a path next to `__file__` is the same in the guest. No file outside the root is taken, not
//! even through a link.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

use crate::Error;
use crate::table::Item;
use pywasm_diagnostic::Diagnostic;

/// A file that comes along as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataFile {
    /// Where it stands in the guest, with `/`, relative to the folder of its origin
    /// (`/pywasm/app` or `site-packages`).
    pub guest: String,
    /// Where it is.
    pub host: PathBuf,
    /// Its length in bytes.
    pub size: u64,
}

/// A package's folder that the graph reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageFolder {
    /// Where it is.
    pub host: PathBuf,
    /// Where it stands in the guest, with `/`, relative to the folder of its origin.
    pub guest: String,
}

/// Folders that hold no data of the project: tools' own, environments, results. A glob that
/// names one of them still reaches into it.
const NOT_DATA: &[&str] = &[
    ".eggs",
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".pywasm",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "__pycache__",
    "node_modules",
    "venv",
];

/// What is left out of a package's own data: code in other forms, and type stubs.
const NOT_PACKAGE_DATA: &[&str] = &["py", "pyc", "pyd", "pyi", "pyo", "pyx", "pxd", "so"];

/// What is left out of a folder of data in a package: code that only another platform can run.
const COMPILED: &[&str] = &["pyc", "pyd", "pyo", "so"];

/// Whether a hidden file may hold secrets, or is that of a tool and not of the package.
fn is_private(name: &str) -> bool {
    let tools = [".DS_Store", ".htpasswd", ".netrc", ".npmrc", ".pypirc"];
    name.starts_with(".env") || name.ends_with(".swp") || tools.contains(&name)
}

/// One glob of `data`; with `!` before it, it takes files away, package data too.
#[derive(Debug, Clone)]
pub(crate) struct DataPattern {
    text: String,
    place: Option<pywasm_diagnostic::Location>,
    matcher: GlobMatcher,
    /// The folder below the root that all matches are in.
    base: PathBuf,
    negative: bool,
    /// Whether it has to match something.
    meant: bool,
}

/// Compiles the globs of the configuration or the command line.
pub(crate) fn compile(
    root: &Path,
    items: &[(String, Option<pywasm_diagnostic::Location>)],
    wrong: &mut Vec<Diagnostic>,
) -> Vec<DataPattern> {
    let mut patterns = Vec::new();
    for (text, place) in items {
        match compile_one(root, text, place.clone()) {
            Ok(pattern) => patterns.push(pattern),
            Err(message) => {
                let mut diagnostic = Diagnostic::new(format!("`data`: {message}"));
                diagnostic.location.clone_from(place);
                wrong.push(diagnostic);
            }
        }
    }
    patterns
}

/// Keeps an item of the configuration with its place.
pub(crate) fn keep_location(item: &Item<String>) -> (String, Option<pywasm_diagnostic::Location>) {
    (item.value.clone(), Some(item.place.clone()))
}

fn compile_one(
    root: &Path,
    text: &str,
    place: Option<pywasm_diagnostic::Location>,
) -> Result<DataPattern, String> {
    let (negative, glob) = match text.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut glob = glob.trim_start_matches("./").trim_end_matches('/').to_owned();
    let leaves = Path::new(&glob)
        .components()
        .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    if glob.is_empty() || leaves {
        return Err(format!("`{text}` is not a path inside the project"));
    }
    if root.join(&glob).is_dir() {
        glob.push_str("/**");
    }
    let literal: Vec<&str> = glob
        .split('/')
        .take_while(|part| !part.contains(['*', '?', '[', '{']))
        .collect();
    let whole = literal.len() == glob.split('/').count();
    let folders = if whole {
        &literal[..literal.len() - 1]
    } else {
        &literal[..]
    };
    let base = folders
        .iter()
        .fold(root.to_path_buf(), |path, part| path.join(part));
    let matcher = GlobBuilder::new(&glob)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| format!("`{text}` is not a glob: {}", error.kind()))?
        .compile_matcher();
    Ok(DataPattern {
        text: text.to_owned(),
        place,
        matcher,
        base,
        negative,
        meant: true,
    })
}

/// The files of the globs and of the packages, sorted by their guest paths.
pub(crate) fn collect(
    root: &Path,
    source_roots: &[PathBuf],
    patterns: &[DataPattern],
    packages: &[PackageFolder],
) -> Result<Vec<DataFile>, Error> {
    let mut files: BTreeMap<String, DataFile> = BTreeMap::new();
    let mut wrong: Vec<Diagnostic> = Vec::new();
    let keep = |host: &Path| {
        let Ok(relative) = host.strip_prefix(root) else {
            return true;
        };
        !patterns
            .iter()
            .any(|pattern| pattern.negative && pattern.matcher.is_match(relative))
    };
    for package in packages {
        let found = walk_package(root, package, packages, &mut wrong);
        for file in found.into_iter().filter(|file| keep(&file.host)) {
            files.insert(file.guest.clone(), file);
        }
    }
    for pattern in patterns.iter().filter(|pattern| !pattern.negative) {
        let mut matched = false;
        for host in walk(root, &pattern.base, &mut wrong) {
            let Ok(relative) = host.strip_prefix(root) else {
                continue;
            };
            if !pattern.matcher.is_match(relative) || !keep(&host) {
                continue;
            }
            matched = true;
            match guest_path(root, source_roots, &host).and_then(|guest| data_file(guest, &host)) {
                Ok(file) => {
                    files.insert(file.guest.clone(), file);
                }
                Err(error) => wrong.extend(error.diagnostics),
            }
        }
        if !matched && pattern.meant && wrong.is_empty() {
            let mut diagnostic = Diagnostic::new(format!("`data`: `{}` matches no file", pattern.text))
                .with_hint(
                    "write the glob relative to the project's root; `**` matches any number of folders",
                );
            diagnostic.location.clone_from(&pattern.place);
            wrong.push(diagnostic);
        }
    }
    wrong.sort();
    wrong.dedup();
    if wrong.is_empty() {
        Ok(files.into_values().collect())
    } else {
        Err(Error { diagnostics: wrong })
    }
}

/// The data files of packages that do not belong to the project: dependencies below `root`. Globs
/// count from `root` too; since not every version of a package has the same files, one that
/// matches nothing is none the worse.
pub fn package_data(
    root: &Path,
    packages: &[PackageFolder],
    globs: &[String],
) -> Result<Vec<DataFile>, Error> {
    let mut wrong = Vec::new();
    let items: Vec<_> = globs.iter().map(|glob| (glob.clone(), None)).collect();
    let mut patterns = compile(root, &items, &mut wrong);
    if !wrong.is_empty() {
        return Err(Error { diagnostics: wrong });
    }
    for pattern in &mut patterns {
        pattern.meant = false;
    }
    collect(root, &[], &patterns, packages)
}

/// All files of the project that no negative pattern takes away, at their places in the guest.
pub(crate) fn all(root: &Path, source_roots: &[PathBuf], patterns: &[DataPattern]) -> Vec<DataFile> {
    let mut files = Vec::new();
    // What cannot be read is reported when something names it.
    for host in walk(root, root, &mut Vec::new()) {
        let relative = host.strip_prefix(root).unwrap_or(&host);
        let taken = |pattern: &DataPattern| pattern.negative && pattern.matcher.is_match(relative);
        if patterns.iter().any(taken) {
            continue;
        }
        files.extend(guest_path(root, source_roots, &host).and_then(|guest| data_file(guest, &host)));
    }
    files
}

/// All files below a folder that does not belong to the project, at their places below it.
pub fn folder_files(root: &Path) -> Vec<DataFile> {
    all(root, &[], &[])
}

/// All files below `base`, sorted. Links are followed as long as they stay below `root`.
fn walk(root: &Path, base: &Path, wrong: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    if !base.is_dir() {
        return Vec::new();
    }
    let output = root.join("dist");
    let walk = WalkDir::new(base)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter();
    let walk = walk.filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || !(NOT_DATA.contains(&name.as_ref())
                || name.ends_with(".egg-info")
                || entry.path() == output
                || entry.path().join("pyvenv.cfg").is_file())
    });
    let mut files = Vec::new();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => {
                let what = match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => "is a link to a folder that contains it".to_owned(),
                    (None, Some(io)) => format!("cannot be read: {}", io_text(io)),
                    (None, None) => "cannot be read".to_owned(),
                };
                let path = error.path().map_or_else(String::new, |path| show(root, path));
                wrong.push(Diagnostic::new(format!("`{path}` {what}")));
            }
        }
    }
    // A link's target is only looked at where a link can be on the way.
    let mut inside = Vec::new();
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    for file in files {
        match fs::canonicalize(&file) {
            Ok(real) if real.starts_with(&real_root) => inside.push(file),
            Ok(_) => wrong.push(
                Diagnostic::new(format!(
                    "`{}` is a link to a file outside the project",
                    show(root, &file)
                ))
                .with_hint("copy the file into the project, or exclude it with `data = [\"!...\"]`"),
            ),
            Err(error) => wrong.push(Diagnostic::new(format!(
                "`{}` cannot be read: {}",
                show(root, &file),
                io_text(&error)
            ))),
        }
    }
    inside
}

/// The files of one package that are not code: those beside its modules, and those in folders
/// below it that are not packages.
fn walk_package(
    root: &Path,
    package: &PackageFolder,
    all: &[PackageFolder],
    wrong: &mut Vec<Diagnostic>,
) -> Vec<DataFile> {
    let mut files = Vec::new();
    let mut found = Vec::new();
    let mut folders = vec![package.host.clone()];
    // The parts of a namespace package may belong to distributions that the program does not use.
    let is_regular = package.host.join("__init__.py").is_file();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_data_folder = is_regular && folder != package.host;
            let is_hidden = name.starts_with('.') || name.ends_with('~');
            if is_hidden && (!is_data_folder || is_private(&name)) {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let code = path.join("__init__.py").is_file()
                    || all.iter().any(|other| other.host == path)
                    || NOT_DATA.contains(&name.as_ref());
                if !code {
                    folders.push(path);
                }
                continue;
            }
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            let is_code = match is_data_folder {
                true => COMPILED.contains(&extension.as_ref()),
                false => NOT_PACKAGE_DATA.contains(&extension.as_ref()) || name == "py.typed",
            };
            if !is_code && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    for host in found {
        if !fs::canonicalize(&host).is_ok_and(|real| real.starts_with(&real_root)) {
            wrong.push(
                Diagnostic::new(format!(
                    "`{}` is a link to a file outside the project",
                    show(root, &host)
                ))
                .with_hint("copy the file into the project, or exclude it with `data = [\"!...\"]`"),
            );
            continue;
        }
        let inner = host.strip_prefix(&package.host).unwrap_or(&host);
        match slashed(inner).and_then(|inner| data_file(join(&package.guest, &inner), &host)) {
            Ok(file) => files.push(file),
            Err(error) => wrong.extend(error.diagnostics),
        }
    }
    files
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

fn data_file(guest: String, host: &Path) -> Result<DataFile, Error> {
    match fs::metadata(host) {
        Ok(metadata) => Ok(DataFile {
            guest,
            host: host.to_path_buf(),
            size: metadata.len(),
        }),
        Err(error) => Err(Diagnostic::new(format!("`{guest}` cannot be read: {}", io_text(&error))).into()),
    }
}

/// The path in the guest: below the innermost source root that holds the file, else below the
/// project's root.
fn guest_path(root: &Path, source_roots: &[PathBuf], host: &Path) -> Result<String, Error> {
    let base = source_roots
        .iter()
        .filter(|source| host.starts_with(source))
        .max_by_key(|source| source.components().count())
        .map_or(root, PathBuf::as_path);
    slashed(host.strip_prefix(base).unwrap_or(host))
}

fn slashed(path: &Path) -> Result<String, Error> {
    let parts: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    match parts {
        Some(parts) => Ok(parts.join("/")),
        None => Err(Diagnostic::new(format!(
            "the name of `{}` is not Unicode, as file names in an artifact have to be",
            path.display()
        ))
        .into()),
    }
}

/// A path for a message: relative to the root where it is below it.
pub(crate) fn show(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.display().to_string().replace('\\', "/")
}

/// An I/O error's text without its number, which differs from system to system.
pub(crate) fn io_text(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
