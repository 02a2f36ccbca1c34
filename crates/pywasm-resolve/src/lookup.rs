//! Looks up the module that a name stands for: through aliases, builtin modules, and what the finder
//! finds on disk, in the order of `sys.meta_path`.

use std::collections::BTreeSet;

use pywasm_project::ModulePattern;
use pywasm_scan::ImportTarget;

use crate::finder::{Finder, FoundModule, SourceFile};
use crate::request::{Origin, Request};
use crate::tables::Tables;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ModulePlace {
    Builtin,
    Disk(FoundModule),
    /// The program itself, which is there under this name from the start.
    Main,
    Missing,
}

/// Modules that every interpreter has, in its frozen table, and the files that they are made of.
const FROZEN: &[(&str, &str)] = &[
    ("_frozen_importlib", "importlib._bootstrap"),
    ("_frozen_importlib_external", "importlib._bootstrap_external"),
];

/// The look-up of one resolution.
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

    /// What the name stands for; an alias has been resolved before.
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

    /// The source of a frozen module, as far as the stdlib has it: it imports as any other does.
    pub(crate) fn frozen_source(&mut self, name: &str) -> Option<SourceFile> {
        let (_, source) = FROZEN.iter().find(|(frozen, _)| *frozen == name)?;
        match self.finder.find(source) {
            Some(FoundModule::Source(source)) => Some(source.clone()),
            _ => None,
        }
    }

    /// The modules that an entry of a table names: one, or with `*` all that match.
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

    /// Whom the module belongs to; builtin modules are the stdlib's.
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

    /// The modules that an import needs, parents before children, aliases resolved. Names that
    /// may be attributes count only where such a submodule exists.
    pub(crate) fn targets(&mut self, wanted: &ImportTarget, exports: &[String]) -> Vec<Target> {
        let mut targets = Vec::new();
        match wanted {
            ImportTarget::Module(name) => self.with_parents(name, &mut targets),
            ImportTarget::Names { module, names, star } => {
                self.with_parents(module, &mut targets);
                let package = match self.locate(&self.tables.unalias(module)) {
                    ModulePlace::Disk(found) => found.is_package(),
                    _ => false,
                };
                if package {
                    let exported = if *star { exports } else { &[] };
                    for name in names.iter().chain(exported) {
                        let full = format!("{module}.{name}");
                        // Compiled code cannot run here, so what it would be is missed.
                        if !name.contains('.') && (self.exists(&full) || self.finder.native(&full).is_some())
                        {
                            targets.push(self.target(&full));
                        }
                    }
                }
            }
            ImportTarget::Beyond(_) => {}
        }
        targets
    }

    fn with_parents(&mut self, name: &str, targets: &mut Vec<Target>) {
        for (end, _) in name.match_indices('.').chain([(name.len(), "")]) {
            targets.push(self.target(&name[..end]));
        }
    }

    fn target(&mut self, asked: &str) -> Target {
        let name = self.tables.unalias(asked);
        Target {
            asked: asked.to_owned(),
            name: name.into_owned(),
        }
    }
}

/// One module that an import needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// As the import has it.
    pub(crate) asked: String,
    /// The module that it is.
    pub(crate) name: String,
}
