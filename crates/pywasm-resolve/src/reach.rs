//! Follows imports from the roots of the search through the files, and builds the module graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use pywasm_diagnostic::Diagnostic;
use pywasm_scan::{Codecs, Dynamic, Import, ImportTarget, Line, NameId, Scan, Unit};
use pywasm_target::abi::start;

use crate::available::{Reason, Unavailable, star_names};
use crate::compiler::{self, Uses};
use crate::discover::Universe;
use crate::docstrings;
use crate::files;
use crate::finder::FoundModule;
use crate::graph::{
    Edge, EdgeKind, EntryPoint, Importer, Module, ModuleGraph, ModuleKind, NamespaceFolder, Severity,
};
use crate::hooks::HookEffects;
use crate::loads::{self, Certainty, Load};
use crate::lookup::{Lookup, ModulePlace, NeededModule};
use crate::missing::MissingModule;
use crate::request::{Origin, Request};
use crate::tables::{MentionScope, TableEntry, Tables};
use crate::try_import;
use crate::usage_gate::UsageGate;
use crate::whole::{Wanted, WholeRule, has_hook};
use crate::zones;

/// The result of the walk.
pub(crate) struct WalkResult {
    pub(crate) graph: ModuleGraph,
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// An import without an importing module.
#[derive(Debug, Clone)]
pub(crate) enum RootImport {
    /// A module that the project names.
    Module { name: String, kind: EdgeKind },
    /// What the interpreter's core imports.
    Core,
}

/// Where an import stands, and what happens if it fails.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) importer: Importer,
    pub(crate) line: Option<Line>,
    pub(crate) kind: EdgeKind,
    pub(crate) severity: Severity,
    /// For an import that is made during the import of the importer, whether it runs.
    pub(crate) loads: Option<Certainty>,
    /// Whether the names that it takes from a module have to be defined.
    pub(crate) needs_names: bool,
}

impl Site {
    /// An import whose failure is only noted in the graph.
    fn new(importer: Importer, line: Option<Line>, kind: EdgeKind) -> Self {
        Self {
            importer,
            line,
            kind,
            severity: Severity::Note,
            loads: None,
            needs_names: false,
        }
    }
}

/// Something in a function of the stdlib.
pub(crate) enum DeferredItem<'w> {
    /// An import.
    Import(ImportTarget, Site),
    /// The names that it mentions, with the module.
    Unit(String, &'w Unit),
}

/// The fact that the artifact holds sources, and who mentions it.
pub(crate) const KEEPS_SOURCES: &str = "request keeps sources";
const PROGRAM: &str = "the program";

/// The files that the walk goes through, and what is known about them.
#[derive(Clone, Copy)]
pub(crate) struct ScannedFiles<'w> {
    pub(crate) universe: &'w Universe,
    pub(crate) unavailable: &'w Unavailable,
    pub(crate) codecs: &'w Codecs,
}

/// Walks from the roots.
pub(crate) fn reach(
    request: &Request,
    entry: EntryPoint,
    roots: &[RootImport],
    files: ScannedFiles<'_>,
    lookup: &mut Lookup<'_>,
    rule: WholeRule<'_>,
) -> WalkResult {
    let ScannedFiles {
        universe,
        unavailable,
        codecs,
    } = files;
    let tables = lookup.tables;
    let mut walk = Walk {
        request,
        universe,
        unavailable,
        lookup,
        codecs,
        graph: ModuleGraph {
            entry,
            modules: BTreeMap::new(),
            roots: Vec::new(),
            misses: Vec::new(),
            needs_site: false,
            needs_compiler: false,
            needs_files: false,
            listed: BTreeSet::new(),
            documented: BTreeSet::new(),
            computes_codecs: false,
            reads_zones: false,
            hooks: HookEffects::default(),
            uses: Uses::new(tables),
        },
        root_edges: BTreeSet::new(),
        edges: BTreeMap::new(),
        loads: BTreeMap::new(),
        queue: VecDeque::new(),
        first_imports: BTreeMap::new(),
        mentions: BTreeMap::new(),
        waiting: Vec::new(),
        gates: UsageGate::new(tables.used_functions()),
        missing: BTreeMap::new(),
        errors: Vec::new(),
        warnings: Vec::new(),
        rule,
        later: VecDeque::new(),
        by_rule: false,
    };
    if request.keeps_sources {
        walk.mentions
            .entry(KEEPS_SOURCES.to_owned())
            .or_default()
            .insert(PROGRAM.to_owned());
    }
    if !request.external.is_empty() {
        // Such a module is a source file, which the interpreter compiles.
        walk.mentions
            .entry(compiler::PATH.to_owned())
            .or_default()
            .insert(walk.graph.entry.module.clone());
    }
    for root in roots {
        walk.follow_root(root);
    }
    walk.visit_queue();
    // What packages bring with them comes last, so that it is known what the program needs without it.
    let own = walk.rule.list_own(walk.lookup);
    walk.later.extend(own);
    walk.by_rule = true;
    while let Some(wanted) = walk.later.pop_front() {
        walk.add_wanted(&wanted);
        walk.visit_queue();
    }
    walk.finish()
}

pub(crate) struct Walk<'w, 'r> {
    pub(crate) request: &'w Request,
    pub(crate) universe: &'w Universe,
    pub(crate) unavailable: &'w Unavailable,
    pub(crate) lookup: &'w mut Lookup<'r>,
    pub(crate) codecs: &'w Codecs,
    pub(crate) graph: ModuleGraph,
    /// The edges that are in the graph's roots.
    root_edges: BTreeSet<Edge>,
    /// Importer to imported to the edge that is shown.
    pub(crate) edges: BTreeMap<String, BTreeMap<String, Edge>>,
    /// What each module imports during its own import.
    pub(crate) loads: BTreeMap<String, Vec<Load>>,
    pub(crate) queue: VecDeque<String>,
    /// How each module was reached first.
    pub(crate) first_imports: BTreeMap<String, (Option<String>, Edge)>,
    /// The interesting names and the modules that mention them.
    pub(crate) mentions: BTreeMap<String, BTreeSet<String>>,
    /// Imports that wait for a mention.
    pub(crate) waiting: Vec<(&'r TableEntry, ImportTarget, Site)>,
    /// Items that wait until a function is used.
    pub(crate) gates: UsageGate<DeferredItem<'w>>,
    pub(crate) missing: BTreeMap<String, MissingModule>,
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
    /// What comes along without an import.
    rule: WholeRule<'w>,
    /// What the rule has added and the walk has not followed.
    later: VecDeque<Wanted>,
    /// Whether only the rule leads to what the walk finds now. Then no failure is an error.
    by_rule: bool,
}

impl<'w, 'r> Walk<'w, 'r> {
    fn visit_queue(&mut self) {
        while let Some(name) = self.queue.pop_front() {
            self.visit(&name);
        }
    }

    /// Adds a module that comes along without an import. One that cannot be imported comes as well, so
    /// that an import of it fails as it does elsewhere; one that cannot be read does not.
    fn add_wanted(&mut self, wanted: &Wanted) {
        let site = Site::new(wanted.importer.clone(), wanted.line, wanted.kind);
        for target in self
            .lookup
            .needed_modules(&ImportTarget::Module(wanted.module.clone()), &[])
        {
            let reason = self.unavailable.get(&target.name);
            let is_faulty = self
                .universe
                .files
                .get(&target.name)
                .is_some_and(|file| !file.faults.is_empty());
            if is_faulty || matches!(reason, Some(Reason::Missing | Reason::Excluded)) {
                return;
            }
            self.add_module(&target, &site);
        }
    }

    fn follow_root(&mut self, root: &RootImport) {
        match root {
            RootImport::Core => {
                for module in &self.request.core_imports {
                    let site = Site::new(Importer::Core, None, EdgeKind::Core);
                    self.follow(ImportTarget::Module(module.clone()), site);
                }
                self.follow_hidden(&Importer::Core);
            }
            RootImport::Module { name, kind } => {
                let mut site = Site::new(Importer::Project, None, *kind);
                site.severity = Severity::Error;
                self.resolve(&ImportTarget::Module(name.clone()), &site);
            }
        }
    }

    /// Follows the imports of a module that was reached for the first time.
    fn visit(&mut self, name: &str) {
        let origin = match self.graph.modules.get(name) {
            Some(module) => module.origin,
            None => return,
        };
        if self.by_rule && self.unavailable.contains_key(name) {
            // It fails during its import, so nothing in it runs.
            return;
        }
        let importer = Importer::Module(name.to_owned());
        if self.lookup.is_builtin(name) {
            for module in self.request.c_imports.get(name).into_iter().flatten() {
                let site = Site::new(importer.clone(), None, EdgeKind::CCode);
                self.follow(ImportTarget::Module(module.clone()), site);
            }
        }
        self.follow_hidden(&importer);
        let universe = self.universe;
        let Some(scan) = universe.scan(name) else { return };
        for import in &scan.imports {
            self.follow_import(name, origin, import, scan);
        }
        for (codec, line, gates) in &scan.codecs {
            if let Some(module) = self.codecs.module(codec) {
                let wanted = ImportTarget::Module(format!("encodings.{module}"));
                let site = Site::new(importer.clone(), Some(*line), EdgeKind::Codec);
                self.hold(origin, gates, DeferredItem::Import(wanted, site));
            }
        }
        if origin != Origin::Stdlib
            && let Some((_, line)) = &scan.site
        {
            self.graph.needs_site = true;
            self.resolve(
                &ImportTarget::Module(start::SITE.to_owned()),
                &Site::new(importer.clone(), Some(*line), EdgeKind::Table),
            );
        }
        if docstrings::reads_built_in(self.request, origin, &scan.dynamics.documented, self.lookup) {
            self.resolve(
                &ImportTarget::Module(start::DOCSTRINGS.to_owned()),
                &Site::new(importer.clone(), None, EdgeKind::Table),
            );
        }
        for unit in &scan.units {
            self.hold(origin, &unit.gates, DeferredItem::Unit(name.to_owned(), unit));
        }
        if origin != Origin::Stdlib && !self.by_rule {
            self.warn_of_computed(name, origin);
        }
        if origin != Origin::Stdlib && scan.dynamics.computed_codec.is_some() {
            self.graph.computes_codecs = true;
        }
        if origin == Origin::App {
            self.warn_of_codec(name);
        }
        if scan.dynamics.looks_for_sources {
            let lists = scan.dynamics.acts.iter().filter_map(|(act, _)| match act {
                Dynamic::Lists(package) => Some(package.clone()),
                _ => None,
            });
            self.graph.listed.extend(lists);
        }
        let added = self.rule.add_file(name, origin, scan, self.lookup, self.codecs);
        self.later.extend(added);
    }

    fn follow_import(&mut self, name: &str, origin: Origin, import: &Import, scan: &Scan) {
        let (universe, unavailable) = (self.universe, self.unavailable);
        let verdict = try_import::judge(import, scan, origin, universe, unavailable, self.lookup);
        let Some(verdict) = verdict else { return };
        let site = Site {
            importer: Importer::Module(name.to_owned()),
            line: Some(import.line),
            kind: verdict.kind,
            severity: match self.by_rule {
                true => Severity::Note,
                false => verdict.severity,
            },
            loads: verdict.loads,
            needs_names: verdict.needs_names && !self.by_rule,
        };
        self.hold(
            origin,
            &import.gates,
            DeferredItem::Import(import.target.clone(), site),
        );
    }

    /// Follows an item if the functions of the stdlib around it are used, and then all items that it
    /// releases.
    fn hold(&mut self, origin: Origin, gates: &[NameId], held: DeferredItem<'w>) {
        let gates = if origin == Origin::Stdlib { gates } else { &[] };
        let mut free: Vec<DeferredItem<'w>> = self.gates.pass(gates, held).into_iter().collect();
        while let Some(held) = free.pop() {
            match held {
                DeferredItem::Import(wanted, site) => self.follow(wanted, site),
                DeferredItem::Unit(module, unit) => {
                    self.note_mentions(&module, unit);
                    free.extend(self.gates.release(&unit.names));
                }
            }
        }
    }

    /// Follows an import unless the table cuts it.
    fn follow(&mut self, wanted: ImportTarget, site: Site) {
        let module = match &wanted {
            ImportTarget::Module(name) => name.as_str(),
            ImportTarget::Names { module, .. } => module.as_str(),
            ImportTarget::Beyond(text) => {
                let text = text.clone();
                self.report_beyond(&text, &site);
                return;
            }
        };
        let tables: &'r Tables = self.lookup.tables;
        match tables.find_cut(&site.importer, module) {
            Some(cut) if !self.is_mentioned(cut) => self.waiting.push((cut, wanted, site)),
            _ => self.resolve(&wanted, &site),
        }
    }

    fn follow_hidden(&mut self, importer: &Importer) {
        let kind = match importer {
            Importer::Core => EdgeKind::Core,
            Importer::Project | Importer::Module(_) => EdgeKind::Table,
        };
        let tables: &'r Tables = self.lookup.tables;
        for entry in tables.hidden.iter().filter(|entry| entry.importer == *importer) {
            for module in entry
                .imports
                .iter()
                .flat_map(|module| self.lookup.expand(module))
                .collect::<Vec<_>>()
            {
                let (wanted, site) = (
                    ImportTarget::Module(module),
                    Site::new(importer.clone(), None, kind),
                );
                if entry.when.is_empty() || self.is_mentioned(entry) {
                    self.resolve(&wanted, &site);
                } else {
                    self.waiting.push((entry, wanted, site));
                }
            }
        }
    }

    fn is_mentioned(&self, entry: &TableEntry) -> bool {
        entry
            .when
            .iter()
            .filter_map(|name| self.mentions.get(name))
            .any(|modules| modules.iter().any(|module| self.counts(entry, module)))
    }

    /// Whether a module's mentions count for an entry.
    fn counts(&self, entry: &TableEntry, module: &str) -> bool {
        let importer = entry.importer.module();
        if importer == Some(module) || entry.except.iter().any(|name| name == module) {
            return false;
        }
        let origin = self.graph.modules.get(module).map(|module| module.origin);
        let is_app = origin == Some(Origin::App);
        let is_program = origin != Some(Origin::Stdlib);
        let is_outside = importer.is_none_or(|importer| top_level(importer) != top_level(module));
        match entry.mentions {
            MentionScope::All => true,
            MentionScope::Program => is_program,
            MentionScope::OutsidePackage => is_program && is_outside,
            MentionScope::App => is_app && is_outside,
            MentionScope::AppAndUsers => {
                let is_user = || importer.is_some_and(|importer| self.imports(module, importer));
                is_program && is_outside && (is_app || is_user())
            }
        }
    }

    /// Whether a module imports something from a package, as far as is known so far.
    fn imports(&self, module: &str, package: &str) -> bool {
        let package = top_level(package);
        let edges = self.edges.get(module).into_iter().flatten();
        edges
            .into_iter()
            .any(|(imported, _)| top_level(imported) == package)
    }

    fn note_mentions(&mut self, name: &str, unit: &Unit) {
        let origin = self.graph.modules.get(name).map(|module| module.origin);
        let is_program = origin.is_some_and(|origin| origin != Origin::Stdlib);
        self.graph.uses.take(self.lookup.tables, name, is_program, unit);
        if unit.mentions.is_empty() {
            return;
        }
        for mention in &unit.mentions {
            self.mentions
                .entry(mention.clone())
                .or_default()
                .insert(name.to_owned());
        }
        let waiting = std::mem::take(&mut self.waiting);
        for (entry, wanted, site) in waiting {
            if self.is_mentioned(entry) {
                self.resolve(&wanted, &site);
            } else {
                self.waiting.push((entry, wanted, site));
            }
        }
    }

    /// Adds all modules that an import needs, up to the first that cannot be imported.
    fn resolve(&mut self, wanted: &ImportTarget, site: &Site) {
        let exports = star_names(wanted, self.universe);
        for target in self.lookup.needed_modules(wanted, exports) {
            match self.unavailable.get(&target.name).cloned() {
                None if self.lookup.locate(&target.name) == ModulePlace::Missing => {
                    // The module above it makes it. A hook knows what it is made of.
                    let parent = target.name.split('.').next().unwrap_or(&target.name);
                    if !has_hook(parent, self.lookup) {
                        self.report_failure(&target, &Reason::Missing, site);
                    }
                    return;
                }
                None => {
                    self.note_load(wanted, &target, site);
                    self.add_module(&target, site);
                }
                Some(reason) => {
                    if !self.report_failure(&target, &reason, site) {
                        return;
                    }
                }
            }
        }
        if site.needs_names {
            self.warn_of_undefined(wanted, site);
        }
    }

    /// Adds a module that an import needs to the graph.
    pub(crate) fn add_module(&mut self, target: &NeededModule, site: &Site) {
        let name = &target.name;
        let edge = Edge {
            target: name.clone(),
            line: site.line,
            kind: site.kind,
        };
        match site.importer.module() {
            None => {
                if self.root_edges.insert(edge.clone()) {
                    self.graph.roots.push(edge.clone());
                }
            }
            Some(importer) if importer == name => {}
            Some(importer) => {
                let edges = self.edges.entry(importer.to_owned()).or_default();
                let shown = edges.entry(name.clone()).or_insert_with(|| edge.clone());
                // An import that always runs says more than one that may run.
                if (edge.kind, edge.line) < (shown.kind, shown.line) {
                    *shown = edge.clone();
                }
            }
        }
        if self.graph.modules.contains_key(name) {
            return;
        }
        let located = self.lookup.locate(name);
        let Some(mut module) = self.build(name, &located) else {
            return;
        };
        module.is_whole = self.by_rule;
        self.warn_of_shadow(&module, site);
        let importer = site.importer.module().map(str::to_owned);
        self.first_imports.insert(name.clone(), (importer, edge));
        self.graph.modules.insert(name.clone(), module);
        self.queue.push_back(name.clone());
    }

    fn build(&self, name: &str, located: &ModulePlace) -> Option<Module> {
        let finder = &self.lookup.finder;
        let (kind, shown) = match located {
            ModulePlace::Builtin => (ModuleKind::Builtin, String::new()),
            ModulePlace::Disk(FoundModule::Source(source)) => {
                let kind = ModuleKind::Source {
                    path: source.path.clone(),
                    relative: source.relative.clone(),
                    is_package: source.is_package,
                    size: self.universe.files.get(name).map_or(0, |file| file.size),
                };
                (kind, finder.shown(source.root, &source.relative))
            }
            ModulePlace::Disk(FoundModule::Namespace(portions)) => {
                let folders: Vec<NamespaceFolder> = portions
                    .iter()
                    .map(|portion| NamespaceFolder {
                        origin: finder.origin(portion.root),
                        path: portion.path.clone(),
                        relative: portion.relative.clone(),
                    })
                    .collect();
                let shown = portions.first().map_or_else(String::new, |portion| {
                    finder.shown(portion.root, &portion.relative)
                });
                (ModuleKind::Namespace { folders }, shown)
            }
            ModulePlace::Main | ModulePlace::Missing => return None,
        };
        let origin = self.lookup.origin(located);
        Some(Module {
            name: name.to_owned(),
            kind,
            origin,
            shown,
            imports: Vec::new(),
            loads: Vec::new(),
            is_whole: false,
        })
    }

    /// Finds the modules that are imported as soon as the program starts: those that only imports at
    /// the top level of modules lead to.
    fn find_eager(&self) -> BTreeSet<&str> {
        let mut eager: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self
            .graph
            .roots
            .iter()
            .filter(|edge| edge.kind != EdgeKind::Include)
            .map(|edge| edge.target.as_str())
            .collect();
        while let Some(name) = open.pop() {
            if eager.insert(name) {
                let edges = self.edges.get(name).into_iter().flat_map(BTreeMap::values);
                open.extend(
                    edges
                        .filter(|edge| edge.kind == EdgeKind::Static)
                        .map(|edge| edge.target.as_str()),
                );
            }
        }
        eager
    }

    /// Reports the errors of files: an error in a file that certainly runs, and else a warning.
    fn report_faults(&mut self) {
        let eager = self.find_eager();
        let mut unread = Vec::new();
        for module in self.graph.modules.values() {
            let faults = self
                .universe
                .files
                .get(&module.name)
                .map_or(&[][..], |file| &file.faults);
            if !faults.is_empty() {
                let is_app = module.origin == Origin::App && !module.is_whole;
                let is_error = is_app || eager.contains(module.name.as_str());
                unread.push((is_error, faults.to_vec()));
            }
        }
        for (is_error, diagnostics) in unread {
            if is_error {
                &mut self.errors
            } else {
                &mut self.warnings
            }
            .extend(diagnostics);
        }
    }

    /// Where the app changes `sys.path`, a module that nothing has is no error: a folder of the host may have it.
    fn allow_external(&mut self) {
        let by = self.mentions.get(compiler::PATH).into_iter().flatten();
        let is_app = |name: &String| {
            let module = self.graph.modules.get(name);
            module.is_some_and(|module| module.origin == Origin::App)
        };
        if !by.into_iter().any(is_app) {
            return;
        }
        for (name, missing) in &mut self.missing {
            if missing.is_nowhere {
                missing.allow_external(name);
                let misses = self.graph.misses.iter_mut();
                for miss in misses.filter(|miss| miss.module == *name && miss.severity == Severity::Error) {
                    miss.severity = Severity::Warning;
                }
            }
        }
    }

    fn finish(mut self) -> WalkResult {
        let modules = &self.graph.modules;
        let is_stdlib = |name: &str| {
            modules
                .get(name)
                .is_none_or(|module| module.origin == Origin::Stdlib)
        };
        self.graph.needs_compiler = compiler::is_needed(&self.mentions, is_stdlib);
        self.graph.uses.finish(&self.mentions, is_stdlib);
        self.allow_external();
        self.report_faults();
        for (_, missing) in std::mem::take(&mut self.missing) {
            let is_error = missing.is_error;
            let diagnostic = missing.into_diagnostic();
            if is_error {
                &mut self.errors
            } else {
                &mut self.warnings
            }
            .push(diagnostic);
        }
        for (name, edges) in self.edges {
            if let Some(module) = self.graph.modules.get_mut(&name) {
                module.imports = edges.into_values().collect();
                module
                    .imports
                    .sort_by(|a, b| (a.line, &a.target).cmp(&(b.line, &b.target)));
            }
        }
        for (name, loads) in self.loads {
            if let Some(module) = self.graph.modules.get_mut(&name) {
                module.loads = loads::deduplicate(loads);
            }
        }
        let modules = &self.graph.modules;
        self.graph.needs_files = files::are_needed(modules, &self.mentions, |name| {
            modules
                .get(name)
                .is_none_or(|module| module.origin == Origin::Stdlib)
        });
        self.graph.reads_zones = zones::are_read(modules, &self.mentions);
        self.graph.misses.sort();
        self.graph.misses.dedup();
        for list in [&mut self.errors, &mut self.warnings] {
            list.sort();
            list.dedup();
        }
        WalkResult {
            graph: self.graph,
            errors: self.errors,
            warnings: self.warnings,
        }
    }
}

/// Gives the top-level package of a module, or the module itself.
fn top_level(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
