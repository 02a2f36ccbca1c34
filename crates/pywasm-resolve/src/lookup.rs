//! Looks up the module that a name stands for: through aliases, builtin modules, and what the finder
//! finds on disk, in the order of `sys.meta_path`.

use std::collections::BTreeSet;

use pywasm_project::ModulePattern;
use pywasm_scan::ImportTarget;

use crate::finder::{Finder, FoundModule, SourceFile};
use crate::request::{Origin, Request};
use crate::tables::Tables;

/// Where a module comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ModulePlace {
    Builtin,
    Disk(FoundModule),
    /// The program itself, which has this name from the start.
    Main,
    Missing,
}

/// The frozen modules of every interpreter, and the modules whose files they are made from.
const FROZEN: &[(&str, &str)] = &[
    ("_frozen_importlib", "importlib._bootstrap"),
    ("_frozen_importlib_external", "importlib._bootstrap_external"),
];

/// Looks up modules for one request.
pub(crate) struct Lookup<'r> {
    pub(crate) finder: Finder<'r>,
    pub(crate) tables: &'r Tables,
    builtins: &'r BTreeSet<String>,
    exclude: &'r [ModulePattern],
}

impl<'r> Lookup<'r> {
    pub(crate) fn new(request: &'r Request, tables: &'r Tables) -> Self {
        Self {
            finder: Finder::new(&request.roots),
            tables,
            builtins: &request.builtins,
            exclude: &request.exclude,
        }
    }

    /// Finds where the module of this name comes from. The name is not an alias.
    pub(crate) fn locate(&mut self, name: &str) -> ModulePlace {
        if self.builtins.contains(name) || FROZEN.iter().any(|(frozen, _)| *frozen == name) {
            return ModulePlace::Builtin;
        }
        match self.finder.find(name) {
            Some(found) => ModulePlace::Disk(found.clone()),
            None if name == "__main__" => ModulePlace::Main,
            None => ModulePlace::Missing,
        }
    }

    pub(crate) fn exists(&mut self, name: &str) -> bool {
        self.locate(&self.tables.unalias(name)) != ModulePlace::Missing
    }

    pub(crate) fn is_builtin(&self, name: &str) -> bool {
        self.builtins.contains(name) || FROZEN.iter().any(|(frozen, _)| *frozen == name)
    }

    /// Finds the source of a frozen module if the stdlib has it, since its imports count as well.
    pub(crate) fn frozen_source(&mut self, name: &str) -> Option<SourceFile> {
        let (_, source) = FROZEN.iter().find(|(frozen, _)| *frozen == name)?;
        match self.finder.find(source) {
            Some(FoundModule::Source(source)) => Some(source.clone()),
            _ => None,
        }
    }

    /// Lists the modules that an entry of a table names: one, or all that match a pattern with `*`.
    pub(crate) fn expand(&mut self, module: &str) -> Vec<String> {
        match module.parse::<ModulePattern>() {
            Ok(pattern) if !pattern.is_name() => {
                let mut names = self.finder.modules_below(pattern.package());
                names.retain(|name| pattern.matches(name));
                names.into_iter().collect()
            }
            _ => vec![module.to_owned()],
        }
    }

    pub(crate) fn is_excluded(&self, name: &str) -> bool {
        self.exclude.iter().any(|pattern| pattern.matches(name))
    }

    /// Gives the owner of the module. Builtin modules belong to the stdlib.
    pub(crate) fn origin(&self, located: &ModulePlace) -> Origin {
        match located {
            ModulePlace::Disk(FoundModule::Source(source)) => self.finder.origin(source.root),
            ModulePlace::Disk(FoundModule::Namespace(portions)) => portions
                .first()
                .map_or(Origin::App, |portion| self.finder.origin(portion.root)),
            ModulePlace::Main => Origin::App,
            ModulePlace::Builtin | ModulePlace::Missing => Origin::Stdlib,
        }
    }

    /// Lists the modules that an import needs, with aliases resolved and parents before children. A
    /// name that may be an attribute counts only if there is a submodule of that name.
    pub(crate) fn needed_modules(&mut self, wanted: &ImportTarget, exports: &[String]) -> Vec<NeededModule> {
        let mut targets = Vec::new();
        match wanted {
            ImportTarget::Module(name) => self.add_with_parents(name, &mut targets),
            ImportTarget::Names { module, names, star } => {
                self.add_with_parents(module, &mut targets);
                let package = match self.locate(&self.tables.unalias(module)) {
                    ModulePlace::Disk(found) => found.is_package(),
                    _ => false,
                };
                if package {
                    let exported = if *star { exports } else { &[] };
                    for name in names.iter().chain(exported) {
                        let full = format!("{module}.{name}");
                        // A compiled module cannot run here, but it is needed and has to be reported.
                        if !name.contains('.')
                            && (self.exists(&full) || self.finder.find_extension(&full).is_some())
                        {
                            targets.push(self.unaliased(&full));
                        }
                    }
                }
            }
            ImportTarget::Beyond(_) => {}
        }
        targets
    }

    fn add_with_parents(&mut self, name: &str, targets: &mut Vec<NeededModule>) {
        for (end, _) in name.match_indices('.').chain([(name.len(), "")]) {
            targets.push(self.unaliased(&name[..end]));
        }
    }

    fn unaliased(&mut self, written: &str) -> NeededModule {
        let name = self.tables.unalias(written);
        NeededModule {
            written: written.to_owned(),
            name: name.into_owned(),
        }
    }
}

/// One module that an import needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NeededModule {
    /// Its name in the import.
    pub(crate) written: String,
    /// Its real name.
    pub(crate) name: String,
}
