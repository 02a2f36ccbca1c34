//! Removes from the linked base what the program cannot reach.
//!
//! Where the base has an optimized form, that is what is shaken, by what its relocations say of the linked form.
//!
//! Where a snapshot will be taken, the module lacks what only the start of the interpreter needs,
//! and a twin comes along that still has it: the same addresses, made to run at build time.

use std::{borrow::Cow, collections::BTreeSet, fs, ops::Range};

use pywasm_cache::CacheValue;
use pywasm_object::{RecordTable, ShakePlan, ShakeStats, Share, SnapshotPlan, shake, shake_optimized};
use pywasm_project::Optimize;
use pywasm_report::{Stage, StageNote};
use pywasm_resolve::ModuleGraph;
use pywasm_target::abi::{export, symbol};
use serde::{Deserialize, Serialize};

use super::{StageLog, link::LinkedBase, settle::Settled};
use crate::{Error, cache_key, context::Context};

/// What the build calls to make a snapshot.
const FOR_SNAPSHOT: [&str; 5] = [
    export::SNAPSHOT,
    export::SETTLE,
    export::WHERE,
    export::SCRATCH,
    export::OBJECTS,
];

/// What shaking left.
pub(crate) struct ShakenModule {
    pub(crate) bytes: Vec<u8>,
    /// Whether it was optimized before it was shaken.
    pub(crate) is_optimized: bool,
    /// The graph of what lives in the whole run, as JSON: only the symbol file needs it.
    pub(crate) symbol_graph: Vec<u8>,
    /// With a snapshot: what makes it.
    pub(crate) twin: Option<Twin>,
}

/// The module that runs at build time, up to the snapshot.
pub(crate) struct Twin {
    pub(crate) module: Vec<u8>,
    /// Addresses of data that only the start needs.
    pub(crate) unneeded: Vec<Range<u32>>,
    /// Addresses of the tables of parts that leave with the snapshot.
    pub(crate) cut: Vec<Range<u32>>,
}

/// How the program starts, and so what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// From its first instruction.
    Whole,
    /// From a snapshot.
    Snapshot {
        /// Whether it can still compile something then.
        compiles: bool,
    },
}

/// The twin alone, which is the same for all that starts from a snapshot.
pub(crate) fn twin(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    graph: &ModuleGraph,
    log: &mut StageLog<'_>,
) -> Result<Option<Twin>, Error> {
    let start = Start::Snapshot { compiles: true };
    let cached = log.time(Stage::Shake, || shake_cached(context, linked, graph, start))?;
    Ok(cached.shaken.twin)
}

pub(crate) fn run(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    settled: &Settled,
    log: &mut StageLog<'_>,
) -> Result<ShakenModule, Error> {
    let bytes_in = linked.len()?;
    let graph = &settled.resolution.graph;
    let cached = log.time(Stage::Shake, || {
        shake_cached(context, linked, graph, settled.start)
    });
    let CachedShake { shaken, notes } = cached?;
    log.add_module(Stage::Shake, bytes_in, &shaken.bytes, notes);
    Ok(shaken)
}

fn shake_cached(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    graph: &ModuleGraph,
    start: Start,
) -> Result<CachedShake, Error> {
    // The graph's builtin modules, less the frozen ones, which are data of the core.
    let builtins: BTreeSet<String> = context
        .base
        .manifest()
        .builtins
        .iter()
        .filter(|name| graph.modules.contains_key(*name))
        .cloned()
        .collect();
    let plan = plan(builtins, cut(graph), start);
    let form = match context.settings.optimize {
        Optimize::Size | Optimize::Off => linked.optimized(),
        _ => None,
    };
    let key = cache_key::shake(linked, form.is_some(), &plan);
    context.tools.cache.get_or(key, || {
        let form = form.map(|path| fs::read(&path).map_err(|error| Error::io("read", &path, error)));
        shake_with(&linked.read()?, form.transpose()?.as_deref(), &plan)
    })
}

fn shake_with(base: &[u8], form: Option<&[u8]>, plan: &ShakePlan) -> Result<CachedShake, Error> {
    let made = shake(base, plan).map_err(Error::Shake)?;
    let stats = made
        .after_snapshot
        .as_ref()
        .map_or(&made.stats, |after| &after.stats);
    let notes = notes(stats);
    let symbol_graph = serde_json::to_vec(&made.symbol_graph).unwrap_or_default();
    let module = |shaken: Vec<u8>| match form {
        None => Ok(shaken),
        Some(form) => shake_optimized(form, &shaken).map_err(Error::Shake),
    };
    let shaken = match made.after_snapshot {
        None => ShakenModule {
            symbol_graph,
            is_optimized: form.is_some(),
            bytes: module(made.module)?,
            twin: None,
        },
        Some(after) => ShakenModule {
            symbol_graph,
            is_optimized: form.is_some(),
            bytes: module(after.module)?,
            twin: Some(Twin {
                module: module(made.module)?,
                unneeded: after.unneeded,
                cut: after.cut,
            }),
        },
    };
    Ok(CachedShake { shaken, notes })
}

/// What the cache keeps.
struct CachedShake {
    shaken: ShakenModule,
    notes: Vec<StageNote>,
}

impl CacheValue for CachedShake {
    fn encode(&self) -> Cow<'_, [u8]> {
        Cow::Owned(pack(&self.shaken, &self.notes))
    }

    fn decode(entry: Vec<u8>) -> Option<Self> {
        let (shaken, notes) = unpack(&entry)?;
        Some(Self { shaken, notes })
    }
}

/// The parts of the core that this program does without.
fn cut(graph: &ModuleGraph) -> BTreeSet<String> {
    let ast = (!graph.modules.contains_key("_ast")).then_some(symbol::PART_AST);
    let compiler = (!graph.needs_compiler).then_some(symbol::PART_COMPILER);
    let tuples = (!graph.modules.contains_key("collections")).then_some(symbol::PART_TUPLES);
    let files = (!graph.needs_files).then_some(symbol::PART_FILES);
    let parts = [ast, compiler, tuples, files];
    parts.into_iter().flatten().map(str::to_owned).collect()
}

fn plan(builtins: BTreeSet<String>, cut: BTreeSet<String>, start: Start) -> ShakePlan {
    let names = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|&name| name.to_owned()).collect() };
    let mut drop_exports: BTreeSet<String> = names(&[export::COMMAND_LINE]);
    let snapshot = match start {
        Start::Whole => {
            drop_exports.extend(names(&FOR_SNAPSHOT));
            drop_exports.extend(names(&[export::RESUME, export::FALLBACK]));
            None
        }
        Start::Snapshot { compiles } => {
            drop_exports.insert(export::START.to_owned());
            let mut leaves = BTreeSet::new();
            if !compiles && !cut.contains(symbol::PART_COMPILER) {
                leaves.insert(symbol::PART_COMPILER.to_owned());
            }
            // The snapshot is of the only interpreter that starts, if no other one can be made.
            if !builtins.contains("_interpreters") {
                leaves.extend(names(&symbol::FROZEN));
            }
            Some(SnapshotPlan {
                entry: export::RESUME.to_owned(),
                only_before: names(&FOR_SNAPSHOT),
                cut: leaves,
            })
        }
    };
    ShakePlan {
        drop_exports,
        keep: BTreeSet::new(),
        cut,
        tables: vec![RecordTable {
            symbol: symbol::INITTAB.to_owned(),
            record_size: 8,
            key_offset: 0,
            keep: builtins,
        }],
        snapshot,
    }
}

fn notes(stats: &ShakeStats) -> Vec<StageNote> {
    let note = |name: &str, share: Share| StageNote {
        name: name.to_owned(),
        live: share.live,
        total: share.total,
    };
    vec![
        note("functions", stats.functions),
        note("code bytes", stats.code_bytes),
        note("data bytes", stats.data_bytes),
        note("table slots", stats.table_slots),
    ]
}

/// The first line of a cache entry; the module, the symbol graph and the twin follow.
#[derive(Serialize, Deserialize)]
struct Head {
    notes: Vec<StageNote>,
    is_optimized: bool,
    module_bytes: usize,
    anatomy_bytes: usize,
    /// Of the twin; `None`: there is none.
    unneeded: Option<Vec<Range<u32>>>,
    cut: Vec<Range<u32>>,
}

fn pack(shaken: &ShakenModule, notes: &[StageNote]) -> Vec<u8> {
    let head = Head {
        notes: notes.to_vec(),
        is_optimized: shaken.is_optimized,
        module_bytes: shaken.bytes.len(),
        anatomy_bytes: shaken.symbol_graph.len(),
        unneeded: shaken.twin.as_ref().map(|twin| twin.unneeded.clone()),
        cut: shaken
            .twin
            .as_ref()
            .map(|twin| twin.cut.clone())
            .unwrap_or_default(),
    };
    let mut entry = serde_json::to_vec(&head).unwrap_or_default();
    entry.push(b'\n');
    entry.extend_from_slice(&shaken.bytes);
    entry.extend_from_slice(&shaken.symbol_graph);
    entry.extend(shaken.twin.iter().flat_map(|twin| &twin.module));
    entry
}

fn unpack(entry: &[u8]) -> Option<(ShakenModule, Vec<StageNote>)> {
    let end = entry.iter().position(|&byte| byte == b'\n')?;
    let head: Head = serde_json::from_slice(&entry[..end]).ok()?;
    let (module, rest) = entry[end + 1..].split_at_checked(head.module_bytes)?;
    let (symbol_graph, twin) = rest.split_at_checked(head.anatomy_bytes)?;
    let shaken = ShakenModule {
        bytes: module.to_vec(),
        is_optimized: head.is_optimized,
        symbol_graph: symbol_graph.to_vec(),
        twin: head.unneeded.map(|unneeded| Twin {
            module: twin.to_vec(),
            unneeded,
            cut: head.cut,
        }),
    };
    Some((shaken, head.notes))
}
