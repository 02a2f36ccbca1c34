//! Finds the file in which the program starts: that of a script, a module or a function.

use std::path::Path;

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::{Entry, closest};
use pywasm_scan::{Role, UnseenNames};

use crate::discover::{Main, Universe};
use crate::finder::{FoundModule, SourceFile};
use crate::graph::{EntryKind, EntryPoint, ModuleGraph};
use crate::lookup::{Lookup, ModulePlace};
use crate::missing::is_package;
use crate::request::{Origin, Request};
use crate::resolve::ResolveError;

/// Finds the file that runs first.
pub(crate) fn find_entry(
    request: &Request,
    lookup: &mut Lookup<'_>,
) -> Result<(EntryPoint, Main), ResolveError> {
    match &request.entry {
        Entry::Script(path) => find_script(request, path, lookup),
        Entry::Module(name) => {
            let module = match lookup.locate(name) {
                located if is_package(&located) => {
                    let main = format!("{name}.__main__");
                    if !lookup.exists(&main) {
                        return Err(Diagnostic::new(format!(
                            "the entry `{name}` is a package without a `__main__`"
                        ))
                        .with_hint(format!(
                            "write one, or name a function: `entry = \"{name}:main\"`"
                        ))
                        .into());
                    }
                    main
                }
                ModulePlace::Disk(_) => name.clone(),
                _ => return Err(missing_entry(name, lookup)),
            };
            let main = Main {
                name: module.clone(),
                role: Role::Main,
            };
            Ok((
                EntryPoint {
                    kind: EntryKind::Module,
                    module,
                    function: None,
                },
                main,
            ))
        }
        Entry::Function { module, attribute } => {
            if !matches!(lookup.locate(module), ModulePlace::Disk(FoundModule::Source(_))) {
                return Err(missing_entry(module, lookup));
            }
            let main = Main {
                name: module.clone(),
                role: Role::Imported,
            };
            let entry = EntryPoint {
                kind: EntryKind::Function,
                module: module.clone(),
                function: Some(attribute.clone()),
            };
            Ok((entry, main))
        }
    }
}

fn find_script(
    request: &Request,
    path: &Path,
    lookup: &mut Lookup<'_>,
) -> Result<(EntryPoint, Main), ResolveError> {
    let shown = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let root = request
        .roots
        .iter()
        .position(|root| path.parent() == Some(root.path.as_path()));
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let (Some(root), Some(stem)) = (root, stem) else {
        return Err(
            Diagnostic::new(format!("the script `{shown}` is not in any of the source roots")).into(),
        );
    };
    let file = SourceFile {
        path: path.to_path_buf(),
        relative: format!("{stem}.py"),
        is_package: false,
        root,
    };
    if let Some(FoundModule::Source(other)) = lookup.finder.find(stem).cloned()
        && other.path != path
        && lookup.finder.origin(other.root) == Origin::App
    {
        let other = lookup.finder.shown(other.root, &other.relative);
        return Err(Diagnostic::new(format!(
            "the script `{shown}` and `{other}` would be the same module, `{stem}`"
        ))
        .with_hint("rename one of them")
        .into());
    }
    lookup.finder.insert(stem, file);
    let entry = EntryPoint {
        kind: EntryKind::Script,
        module: stem.to_owned(),
        function: None,
    };
    Ok((
        entry,
        Main {
            name: stem.to_owned(),
            role: Role::Script,
        },
    ))
}

/// Makes the error for an entry whose module does not exist.
fn missing_entry(name: &str, lookup: &mut Lookup<'_>) -> ResolveError {
    let mut diagnostic = Diagnostic::new(format!("there is no module `{name}`, which the entry names"));
    let (package, tail) = match name.rsplit_once('.') {
        Some((package, tail)) => (Some(package), tail),
        None => (None, name),
    };
    let prefix = package.map_or_else(String::new, |package| format!("{package}."));
    let siblings = lookup.finder.modules_below(package);
    let names = siblings
        .iter()
        .filter_map(|sibling| sibling.strip_prefix(&prefix));
    if let Some(near) = closest(tail, names.filter(|name| !name.contains('.'))) {
        diagnostic = diagnostic.with_hint(format!("did you mean `{prefix}{near}`?"));
    }
    diagnostic.into()
}

/// Checks that the entry's module has the function that the entry names.
pub(crate) fn check_function(graph: &ModuleGraph, universe: &Universe) -> Option<Diagnostic> {
    let function = graph.entry.function.as_ref()?;
    let first = function.split('.').next().unwrap_or(function);
    let scan = universe.scan(&graph.entry.module)?;
    let may_be_unseen = [UnseenNames::OpenEnded, UnseenNames::Star];
    if may_be_unseen.iter().any(|way| scan.unseen_names.contains(way)) || scan.bound.contains(first) {
        return None;
    }
    let shown = graph
        .modules
        .get(&graph.entry.module)
        .map(|module| module.shown.clone())?;
    let mut diagnostic = Diagnostic::new(format!(
        "the entry `{0}:{function}` does not exist: module `{0}` has no `{first}`",
        graph.entry.module
    ))
    .with_location(Location::file(shown));
    if let Some(near) = closest(first, scan.bound.iter().map(String::as_str)) {
        diagnostic = diagnostic.with_hint(format!("did you mean `{}:{near}`?", graph.entry.module));
    }
    Some(diagnostic)
}
