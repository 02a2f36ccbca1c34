//! Looks for modules in folders as CPython's path finder does: files and namespace packages. Folders
//! are listed once, and names are compared with the listing, so that a file system that ignores case
//! gives the same answer as one that does not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pywasm_target::is_identifier;

use crate::request::{Origin, Root};

/// The source file of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// The path below its root, with `/`.
    pub(crate) relative: String,
    pub(crate) is_package: bool,
    /// Index of the root.
    pub(crate) root: usize,
}

/// A folder that is part of a namespace package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(crate) path: PathBuf,
    pub(crate) relative: String,
    pub(crate) root: usize,
}

/// What the folders hold for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FoundModule {
    Source(SourceFile),
    Namespace(Vec<Portion>),
}

impl FoundModule {
    /// Whether it can have submodules.
    pub(crate) fn is_package(&self) -> bool {
        match self {
            Self::Source(source) => source.is_package,
            Self::Namespace(_) => true,
        }
    }
}

/// The names in one folder.
#[derive(Debug, Default)]
struct Listing {
    folders: BTreeSet<String>,
    files: BTreeSet<String>,
    /// The folders that are links.
    links: BTreeSet<String>,
}

/// Finds modules, and keeps the listings of the folders that it has seen.
#[derive(Debug)]
pub(crate) struct Finder<'r> {
    pub(crate) roots: &'r [Root],
    listings: HashMap<PathBuf, Arc<Listing>>,
    found: HashMap<String, Option<FoundModule>>,
    /// Folders that could not be listed, by the names that messages use, with the reason.
    pub(crate) unreadable: BTreeMap<String, String>,
}

/// How far a list of modules goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    One,
    All,
}

/// Modules that `python` imports before it looks at the program's folder. It never finds a module of
/// the app with one of these names.
const PRELOADED: &[&str] = &[
    "_collections_abc",
    "_sitebuiltins",
    "abc",
    "codecs",
    "encodings",
    "genericpath",
    "io",
    "os",
    "posixpath",
    "site",
    "stat",
];

impl<'r> Finder<'r> {
    pub(crate) fn new(roots: &'r [Root]) -> Self {
        Self {
            roots,
            listings: HashMap::new(),
            found: HashMap::new(),
            unreadable: BTreeMap::new(),
        }
    }

    /// Makes `name` stand for this file, whatever the folders say.
    pub(crate) fn insert(&mut self, name: &str, source: SourceFile) {
        self.found
            .insert(name.to_owned(), Some(FoundModule::Source(source)));
    }

    /// Finds the module of this name.
    pub(crate) fn find(&mut self, name: &str) -> Option<&FoundModule> {
        if !self.found.contains_key(name) {
            // A loop, parents first, since a name may have any number of dots.
            let ends: Vec<usize> = name.match_indices('.').map(|(at, _)| at).collect();
            for end in ends.into_iter().chain([name.len()]) {
                let prefix = &name[..end];
                if !self.found.contains_key(prefix) {
                    let found = self.search(prefix);
                    self.found.insert(prefix.to_owned(), found);
                }
            }
        }
        self.found.get(name)?.as_ref()
    }

    /// Gives the name that messages use for a file of a root.
    pub(crate) fn shown(&self, root: usize, relative: &str) -> String {
        format!("{}{relative}", self.roots[root].label)
    }

    pub(crate) fn origin(&self, root: usize) -> Origin {
        self.roots[root].origin
    }

    /// Lists the folders that can hold the submodule `tail` of `parent`, or the top-level module `tail`
    /// if there is no parent.
    fn search_folders(&self, parent: Option<&str>, tail: &str) -> Vec<Portion> {
        match parent {
            None => {
                let mut roots: Vec<usize> = (0..self.roots.len()).collect();
                if PRELOADED.contains(&tail) {
                    roots.sort_by_key(|&root| self.origin(root) != Origin::Stdlib);
                }
                let portion = |root: usize| Portion {
                    path: self.roots[root].path.clone(),
                    relative: String::new(),
                    root,
                };
                roots.into_iter().map(portion).collect()
            }
            Some(parent) => match self.found.get(parent) {
                Some(Some(FoundModule::Source(source))) if source.is_package => {
                    let path = source.path.parent().unwrap_or(&source.path).to_path_buf();
                    let relative = source.relative.rsplit_once('/').map_or("", |(dir, _)| dir);
                    vec![Portion {
                        path,
                        relative: relative.to_owned(),
                        root: source.root,
                    }]
                }
                Some(Some(FoundModule::Namespace(portions))) => portions.clone(),
                _ => Vec::new(),
            },
        }
    }

    fn search(&mut self, name: &str) -> Option<FoundModule> {
        let (parent, tail) = match name.rsplit_once('.') {
            Some((parent, tail)) => (Some(parent), tail),
            None => (None, name),
        };
        if tail.is_empty() || tail.contains(['/', '\\', '\0']) {
            return None;
        }
        let file = format!("{tail}.py");
        let mut portions = Vec::new();
        for place in self.search_folders(parent, tail) {
            let listing = self.list(&place);
            let below = |name: &str| match place.relative.as_str() {
                "" => name.to_owned(),
                folder => format!("{folder}/{name}"),
            };
            if listing.folders.contains(tail) {
                let path = place.path.join(tail);
                let folder = Portion {
                    path,
                    relative: below(tail),
                    root: place.root,
                };
                if self.list(&folder).files.contains("__init__.py") {
                    return Some(FoundModule::Source(SourceFile {
                        path: folder.path.join("__init__.py"),
                        relative: format!("{}/__init__.py", folder.relative),
                        is_package: true,
                        root: place.root,
                    }));
                }
                // As in CPython, an extension comes before a folder of its name, which may hold
                // its stubs.
                if extension_file(&listing, tail).is_none() {
                    portions.push(folder);
                }
            }
            if listing.files.contains(&file) {
                return Some(FoundModule::Source(SourceFile {
                    path: place.path.join(&file),
                    relative: below(&file),
                    is_package: false,
                    root: place.root,
                }));
            }
        }
        if portions.is_empty() {
            None
        } else {
            Some(FoundModule::Namespace(portions))
        }
    }

    fn list(&mut self, folder: &Portion) -> Arc<Listing> {
        if let Some(listing) = self.listings.get(&folder.path) {
            return Arc::clone(listing);
        }
        let mut listing = Listing::default();
        match fs::read_dir(&folder.path) {
            Ok(entries) => {
                for entry in entries.filter_map(Result::ok) {
                    let Ok(name) = entry.file_name().into_string() else {
                        continue;
                    };
                    let Ok(mut kind) = entry.file_type() else { continue };
                    let is_link = kind.is_symlink();
                    if is_link {
                        // A link that is broken or leads in a circle counts as no file.
                        let Ok(target) = fs::metadata(entry.path()) else {
                            continue;
                        };
                        kind = target.file_type();
                    }
                    if kind.is_dir() {
                        if is_link {
                            listing.links.insert(name.clone());
                        }
                        listing.folders.insert(name);
                    } else if kind.is_file() {
                        listing.files.insert(name);
                    }
                }
            }
            Err(error) => {
                let shown = self.shown(folder.root, &folder.relative);
                let reason = match error.kind() {
                    std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                    std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
                    _ => error.to_string(),
                };
                self.unreadable.insert(shown, reason);
            }
        }
        let listing = Arc::new(listing);
        self.listings.insert(folder.path.clone(), Arc::clone(&listing));
        listing
    }

    /// Finds the compiled extension that holds the module, by the name that messages use. Such a module
    /// exists and has no source, so it cannot run here.
    pub(crate) fn find_extension(&mut self, name: &str) -> Option<String> {
        let (parent, tail) = match name.rsplit_once('.') {
            Some((parent, tail)) => (Some(parent), tail),
            None => (None, name),
        };
        for place in self.search_folders(parent, tail) {
            let listing = self.list(&place);
            if let Some(file) = extension_file(&listing, tail) {
                let relative = match place.relative.as_str() {
                    "" => file.clone(),
                    folder => format!("{folder}/{file}"),
                };
                return Some(self.shown(place.root, &relative));
            }
        }
        None
    }

    /// Lists the names of all modules below `package`, or below all roots if there is none. Folders
    /// without an `__init__.py` count only below a namespace package that is given by name, since a
    /// project's folder has many folders that are not packages.
    pub(crate) fn modules_below(&mut self, package: Option<&str>) -> BTreeSet<String> {
        self.list_modules(package, Depth::All)
    }

    /// Lists the names of the modules directly below `package`, or of all top-level modules.
    pub(crate) fn modules_in(&mut self, package: Option<&str>) -> BTreeSet<String> {
        self.list_modules(package, Depth::One)
    }

    fn list_modules(&mut self, package: Option<&str>, depth: Depth) -> BTreeSet<String> {
        let places = match package {
            None => self.search_folders(None, ""),
            Some(name) => {
                self.find(name);
                self.search_folders(Some(name), "")
            }
        };
        let namespace =
            package.is_some_and(|name| matches!(self.found.get(name), Some(Some(FoundModule::Namespace(_)))));
        let mut names = BTreeSet::new();
        let prefix = package.map_or_else(String::new, |name| format!("{name}."));
        let mut open: Vec<(Portion, String)> =
            places.into_iter().map(|place| (place, prefix.clone())).collect();
        while let Some((place, prefix)) = open.pop() {
            let listing = self.list(&place);
            for file in &listing.files {
                if let Some(stem) = file.strip_suffix(".py")
                    && (is_identifier(stem) || package.is_some() && is_importable(stem))
                    && stem != "__init__"
                {
                    names.insert(format!("{prefix}{stem}"));
                }
            }
            for folder in listing.folders.iter().filter(|name| is_identifier(name)) {
                let below = match place.relative.as_str() {
                    "" => folder.clone(),
                    parent => format!("{parent}/{folder}"),
                };
                let portion = Portion {
                    path: place.path.join(folder),
                    relative: below,
                    root: place.root,
                };
                let inner = self.list(&portion);
                let regular = inner.files.contains("__init__.py");
                if regular || (namespace && inner.files.iter().any(|file| file.ends_with(".py"))) {
                    names.insert(format!("{prefix}{folder}"));
                    if depth == Depth::All && !(listing.links.contains(folder) && leads_up(&portion.path)) {
                        open.push((portion, format!("{prefix}{folder}.")));
                    }
                }
            }
        }
        names
    }
}

/// Finds the file of a compiled extension module by the module's name.
fn extension_file<'l>(listing: &'l Listing, module: &str) -> Option<&'l String> {
    let fits = |file: &&String| {
        let rest = file.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'));
        let suffix = rest.and_then(|rest| rest.rsplit('.').next());
        matches!(suffix, Some("so" | "pyd" | "dylib"))
    };
    listing.files.iter().find(fits)
}

/// Whether a call can import a module of this name below a package.
fn is_importable(stem: &str) -> bool {
    !stem.is_empty() && is_identifier(&stem.replace('-', "_"))
}

/// Whether a link leads to one of the folders that it is in.
fn leads_up(link: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    match (real(link), link.parent().and_then(real)) {
        (Some(real), Some(parent)) => parent.starts_with(real),
        _ => false,
    }
}
