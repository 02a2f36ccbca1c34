//! Reads and scans every file that the program could reach, on all processors. The result holds more
//! files than the graph: which imports count is decided later, when all files are known.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_digest::Digest;
use pywasm_scan::{
    Codecs, FileKind, FileScan, ImportTarget, Line, NameId, Owner, Role, Scan, ScanInput, ScanRules, Unit,
    Words, scan,
};
use pywasm_target::abi::start;

use crate::compiler;
use crate::docstrings;
use crate::finder::{FoundModule, SourceFile};
use crate::graph::Importer;
use crate::hook_file::Replacement;
use crate::hooks::apply_replacements;
use crate::lookup::{Lookup, ModulePlace};
use crate::reach::KEEPS_SOURCES;
use crate::request::{Origin, Request};
use crate::scans::{ScanCache, ScanId};
use crate::tables::{TableEntry, Tables};
use crate::usage_gate::UsageGate;
use crate::whole::WholeRule;

/// A file, as it was read and scanned.
#[derive(Debug)]
pub(crate) struct ScannedFile {
    pub(crate) size: u64,
    /// Its content; `None` if it could not be read.
    pub(crate) bytes: Option<Arc<[u8]>>,
    /// Its scan, as far as the file could be parsed.
    pub(crate) scan: Option<Scan>,
    /// Its errors.
    pub(crate) faults: Vec<Diagnostic>,
    /// The locations of its computed imports, in the order of the scan.
    pub(crate) computed: Vec<Location>,
    /// The location of the first codec whose name nothing in the file tells.
    pub(crate) unknown_codec: Option<Location>,
}

/// Every file that the program could reach.
#[derive(Debug, Default)]
pub(crate) struct Universe {
    pub(crate) files: BTreeMap<String, ScannedFile>,
    /// All names that something imports, whether they exist or not, and also those that are excluded.
    pub(crate) names: BTreeSet<String>,
}

impl Universe {
    /// Gives the scan of the module's file, if it has one that can be read.
    pub(crate) fn scan(&self, name: &str) -> Option<&Scan> {
        self.files.get(name)?.scan.as_ref()
    }
}

/// A file for a worker.
struct Job {
    name: String,
    path: PathBuf,
    shown: String,
    kind: FileKind,
    origin: Origin,
}

impl Job {
    /// Computes a digest of the package that the file is in, of its owner, and of what scans look for.
    fn package_digest(&self, rules: Digest) -> Digest {
        let package = match self.kind {
            FileKind::Package => &self.name,
            FileKind::Module => self.name.rsplit_once('.').map_or("", |(package, _)| package),
        };
        let owner = self.origin.as_str();
        Digest::compute(format!("{rules} {owner} {package}").as_bytes())
    }
}

/// The file in which the program starts.
#[derive(Debug, Clone)]
pub(crate) struct Main {
    pub(crate) name: String,
    pub(crate) role: Role,
}

/// Recursion in the parser and in its trees goes as deep as the file does, so workers get more stack
/// than usual. The system only reserves it.
const STACK: usize = 256 * 1024 * 1024;

/// Reads everything that the roots of the search can lead to.
pub(crate) fn discover(
    request: &Request,
    main: &Main,
    lookup: &mut Lookup<'_>,
    codecs: &Codecs,
    scans: &dyn ScanCache,
    start: Vec<ImportTarget>,
    rule: WholeRule<'_>,
) -> Universe {
    let tables = lookup.tables;
    let interesting: Words = tables.deciding_names().into_iter().collect();
    let watched: Words = compiler::watched_names(tables).into_iter().collect();
    let rules = ScanRules {
        target: request.target,
        interesting: &interesting,
        stdlib_names: &request.stdlib_names,
        watched: &watched,
        functions: &tables.functions,
    };
    let rules_digest = rules.digest();
    let work = |job: &Job| {
        let input = ScanInput {
            name: &job.name,
            kind: job.kind,
            role: match job.name == main.name {
                true => main.role,
                false => Role::Imported,
            },
            owner: match job.origin {
                Origin::Stdlib => Owner::Stdlib,
                Origin::App | Origin::Dependency => Owner::Program,
            },
            rules: &rules,
        };
        let scan = |text: &str| {
            let id = ScanId {
                package: job.package_digest(rules_digest),
                inputs: input.digest(text, rules_digest),
            };
            scans.get_or(id, &|| scan(text, input))
        };
        read(job, scan, codecs, &tables.replace)
    };
    let (send_job, jobs) = mpsc::channel::<Job>();
    let jobs = Mutex::new(jobs);
    let (send_file, files) = mpsc::channel::<(String, ScannedFile)>();
    let workers = thread::available_parallelism().map_or(2, |count| count.get().min(16));
    thread::scope(|scope| {
        for _ in 0..workers {
            let send_file = send_file.clone();
            let (jobs, work) = (&jobs, &work);
            let worker = move || run_jobs(jobs, work, &send_file);
            let builder = thread::Builder::new().stack_size(STACK);
            // One worker is enough. Without any, the loop below ends at once.
            if builder.spawn_scoped(scope, worker).is_err() {
                break;
            }
        }
        drop(send_file);
        let mut search = Search {
            request,
            codecs,
            universe: Universe::default(),
            jobs: send_job,
            open: 0,
            mentions: BTreeSet::new(),
            waiting: Vec::new(),
            gates: UsageGate::new(lookup.tables.used_functions()),
            rule,
            lookup,
        };
        if request.keeps_sources {
            search.mentions.insert(KEEPS_SOURCES.to_owned());
        }
        for wanted in &start {
            search.visit_targets(wanted);
        }
        search.follow_core();
        for wanted in search.rule.list_own(search.lookup) {
            search.visit_targets(&ImportTarget::Module(wanted.module));
        }
        while search.open > 0 {
            let Ok((name, file)) = files.recv() else { break };
            search.open -= 1;
            search.add_file(name, file);
        }
        search.universe
    })
}

/// Runs jobs until there are no more.
fn run_jobs(
    jobs: &Mutex<mpsc::Receiver<Job>>,
    work: &(impl Fn(&Job) -> ScannedFile + Sync),
    files: &mpsc::Sender<(String, ScannedFile)>,
) {
    loop {
        // A worker waits with the lock held, so that each job goes to one worker.
        let job = match jobs.lock() {
            Ok(jobs) => jobs.recv(),
            Err(_) => return,
        };
        let Ok(job) = job else { return };
        let file = work(&job);
        if files.send((job.name, file)).is_err() {
            return;
        }
    }
}

/// Reads one file.
fn read(job: &Job, scan: impl Fn(&str) -> FileScan, codecs: &Codecs, replace: &[Replacement]) -> ScannedFile {
    let mut source = match pywasm_scan::read_source(&job.path, codecs) {
        Ok(source) => source,
        Err(fault) => {
            let mut place = Location::line(job.shown.clone(), fault.line.map_or(0, Line::number));
            place.column = fault.column.unwrap_or(0);
            let diagnostic = Diagnostic {
                location: Some(place),
                hint: fault.hint,
                ..Diagnostic::new(fault.message)
            };
            return ScannedFile {
                size: 0,
                bytes: None,
                scan: None,
                faults: vec![diagnostic],
                computed: Vec::new(),
                unknown_codec: None,
            };
        }
    };
    if job.origin == Origin::Dependency {
        source.text = apply_replacements(replace, &job.name, source.text);
    }
    let place = |start, end| Location::span(job.shown.clone(), &source.text, start, end);
    let FileScan { mut scan, faults } = scan(&source.text);
    if let Some(cookie) = source.cookie {
        scan.codecs.push((cookie, Line::FIRST, Vec::new()));
    }
    let computed = scan
        .computed
        .iter()
        .map(|computed| place(computed.start, computed.end))
        .collect();
    let unknown_codec = scan.dynamics.unknown_codec;
    let unknown_codec = unknown_codec.map(|(start, end)| place(start, end));
    let faults = faults.into_iter().map(|fault| {
        Diagnostic::new(format!("syntax error: {}", fault.message))
            .with_location(place(fault.start, fault.end))
    });
    ScannedFile {
        size: source.size,
        bytes: Some(source.bytes),
        scan: Some(scan),
        faults: faults.collect(),
        computed,
        unknown_codec,
    }
}

struct Search<'s, 'r> {
    request: &'s Request,
    lookup: &'s mut Lookup<'r>,
    codecs: &'s Codecs,
    universe: Universe,
    jobs: mpsc::Sender<Job>,
    /// How many jobs were sent and have not come back.
    open: usize,
    /// The interesting names that some file mentions.
    mentions: BTreeSet<String>,
    /// Imports that wait for a mention.
    waiting: Vec<(&'r TableEntry, ImportTarget)>,
    /// What waits for a function to be used.
    gates: UsageGate<DeferredItem>,
    /// What comes along without an import.
    rule: WholeRule<'s>,
}

/// What a function of the stdlib holds.
enum DeferredItem {
    /// An import, with its importer.
    Import(Importer, ImportTarget),
    /// Names that it mentions.
    Unit(Unit),
}

impl<'r> Search<'_, 'r> {
    fn visit_targets(&mut self, wanted: &ImportTarget) {
        // The names of `*` are known when the package's file has been read.
        for target in self.lookup.needed_modules(wanted, &[]) {
            self.visit(&target.name);
        }
    }

    fn visit(&mut self, name: &str) {
        if !self.universe.names.insert(name.to_owned()) || self.lookup.is_excluded(name) {
            return;
        }
        match self.lookup.locate(name) {
            ModulePlace::Builtin => {
                self.follow_builtin(name);
                if let Some(source) = self.lookup.frozen_source(name) {
                    self.read(name, source);
                }
            }
            ModulePlace::Disk(FoundModule::Source(source)) => self.read(name, source),
            ModulePlace::Disk(FoundModule::Namespace(_)) | ModulePlace::Main | ModulePlace::Missing => {}
        }
        self.follow_hidden(&Importer::Module(name.to_owned()));
    }

    fn read(&mut self, name: &str, source: SourceFile) {
        let origin = self.lookup.finder.origin(source.root);
        let job = Job {
            name: name.to_owned(),
            shown: self.lookup.finder.shown(source.root, &source.relative),
            path: source.path,
            kind: match source.is_package {
                true => FileKind::Package,
                false => FileKind::Module,
            },
            origin,
        };
        if self.jobs.send(job).is_ok() {
            self.open += 1;
        }
    }

    /// Follows what the interpreter's core imports.
    fn follow_core(&mut self) {
        for module in &self.request.core_imports {
            self.follow(&Importer::Core, ImportTarget::Module(module.clone()));
        }
        self.follow_hidden(&Importer::Core);
    }

    /// Follows what the C code of a builtin module imports.
    fn follow_builtin(&mut self, name: &str) {
        let importer = Importer::Module(name.to_owned());
        for module in self.request.c_imports.get(name).into_iter().flatten() {
            self.follow(&importer, ImportTarget::Module(module.clone()));
        }
    }

    fn follow_hidden(&mut self, importer: &Importer) {
        let tables: &'r Tables = self.lookup.tables;
        for entry in tables.hidden.iter().filter(|entry| entry.importer == *importer) {
            for module in entry
                .imports
                .iter()
                .flat_map(|module| self.lookup.expand(module))
                .collect::<Vec<_>>()
            {
                let wanted = ImportTarget::Module(module);
                if entry.when.is_empty() || entry.when.iter().any(|name| self.mentions.contains(name)) {
                    self.visit_targets(&wanted);
                } else {
                    self.waiting.push((entry, wanted));
                }
            }
        }
    }

    /// Follows an import unless the table cuts it.
    fn follow(&mut self, importer: &Importer, wanted: ImportTarget) {
        let module = match &wanted {
            ImportTarget::Module(name) => name.clone(),
            ImportTarget::Names { module, .. } => module.clone(),
            ImportTarget::Beyond(_) => return,
        };
        let tables: &'r Tables = self.lookup.tables;
        match tables.find_cut(importer, &module) {
            None => self.visit_targets(&wanted),
            Some(cut) if cut.when.iter().any(|name| self.mentions.contains(name)) => {
                self.visit_targets(&wanted);
            }
            Some(cut) => self.waiting.push((cut, wanted)),
        }
    }

    /// Follows an item if the functions around it are used, and then all items that it releases.
    fn hold(&mut self, gates: &[NameId], held: DeferredItem) {
        let mut free: Vec<DeferredItem> = self.gates.pass(gates, held).into_iter().collect();
        while let Some(held) = free.pop() {
            match held {
                DeferredItem::Import(importer, wanted) => self.follow(&importer, wanted),
                DeferredItem::Unit(unit) => {
                    self.release_mentioned(&unit.mentions);
                    free.extend(self.gates.release(&unit.names));
                }
            }
        }
    }

    /// Follows what waited for one of these mentions.
    fn release_mentioned(&mut self, mentions: &BTreeSet<String>) {
        let new: Vec<String> = mentions.difference(&self.mentions).cloned().collect();
        if new.is_empty() {
            return;
        }
        self.mentions.extend(new.iter().cloned());
        let (ready, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|(entry, _)| entry.when.iter().any(|name| new.contains(name)));
        self.waiting = waiting;
        for (_, wanted) in ready {
            self.visit_targets(&wanted);
        }
    }

    fn add_file(&mut self, name: String, file: ScannedFile) {
        if let Some(scan) = &file.scan {
            let located = self.lookup.locate(&name);
            let origin = self.lookup.origin(&located);
            let gated = origin == Origin::Stdlib;
            let importer = Importer::Module(name.clone());
            for unit in &scan.units {
                let gates = if gated { &unit.gates[..] } else { &[] };
                self.hold(gates, DeferredItem::Unit(unit.clone()));
            }
            for import in &scan.imports {
                let gates = if gated { &import.gates[..] } else { &[] };
                self.hold(
                    gates,
                    DeferredItem::Import(importer.clone(), import.target.clone()),
                );
            }
            // `from package import *` imports these.
            let exports = ImportTarget::Names {
                module: name.clone(),
                names: scan.exports.clone(),
                star: false,
            };
            self.visit_targets(&exports);
            for (codec, _, gates) in &scan.codecs {
                if let Some(module) = self.codecs.module(codec) {
                    let gates = if gated { &gates[..] } else { &[] };
                    let wanted = ImportTarget::Module(format!("encodings.{module}"));
                    self.hold(gates, DeferredItem::Import(importer.clone(), wanted));
                }
            }
            let added = self.rule.add_file(&name, origin, scan, self.lookup, self.codecs);
            for wanted in added {
                self.visit_targets(&ImportTarget::Module(wanted.module));
            }
            if !gated && scan.site.is_some() {
                self.visit_targets(&ImportTarget::Module(start::SITE.to_owned()));
            }
            if docstrings::reads_built_in(self.request, origin, &scan.dynamics.documented, self.lookup) {
                self.visit_targets(&ImportTarget::Module(start::DOCSTRINGS.to_owned()));
            }
        }
        self.universe.files.insert(name, file);
    }
}
