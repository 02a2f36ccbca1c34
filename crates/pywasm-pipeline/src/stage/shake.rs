//! The linked base and the builtin modules that the graph reaches in, a module without the rest out.
//!
//! Where a snapshot will be taken, the module lacks what only the start of the interpreter needs,
//! and a twin comes along that still has it: the same addresses, made to run at build time.

use std::{borrow::Cow, collections::BTreeSet, ops::Range};

use pywasm_object::{RecordTable, SHAKE_VERSION, ShakePlan, ShakeStats, Share, SnapshotPlan, shake};
use pywasm_report::{Stage, StageNote};
use pywasm_resolve::ModuleGraph;
use serde::{Deserialize, Serialize};

use super::{StageLog, link::Linked};
use crate::{
    Error,
    cache::{Cache, CacheKind, Key, Stored},
};

/// CPython's table of builtin modules: name and init function, four bytes each.
const INITTAB: &str = "_PyImport_Inittab";
/// The export that only a base needs: the plain `python` command line.
const COMMAND_LINE: &str = "pywasm_python";
/// The start of an artifact without a snapshot.
pub(crate) const START: &str = "_start";
/// The start of an artifact behind its snapshot.
pub(crate) const RESUME: &str = "pywasm_resume";
/// What the build calls to make a snapshot.
const SNAPSHOT: [&str; 4] = [
    "pywasm_snapshot",
    "pywasm_settle",
    "pywasm_where",
    "pywasm_scratch",
];

/// Tables through which the core calls its optional parts (the base's `runtime/parts.c`).
const PART_AST: &str = "pywasm_part_ast";
const PART_COMPILER: &str = "pywasm_part_compiler";

/// What shaking left.
pub(crate) struct Shaken {
    pub(crate) module: Vec<u8>,
    /// What lives in the whole run, as JSON: only the symbol file needs it.
    pub(crate) anatomy: Vec<u8>,
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
    base: &Linked<'_>,
    graph: &ModuleGraph,
    cache: &Cache,
    log: &mut StageLog<'_>,
) -> Result<Option<Twin>, Error> {
    let start = Start::Snapshot { compiles: true };
    let cached = log.time(Stage::Shake, || shake_cached(base, graph, start, cache))?;
    Ok(cached.shaken.twin)
}

pub(crate) fn run(
    base: &Linked<'_>,
    graph: &ModuleGraph,
    start: Start,
    cache: &Cache,
    log: &mut StageLog<'_>,
) -> Result<Shaken, Error> {
    let bytes_in = base.len()?;
    let CachedShake { shaken, notes } = log.time(Stage::Shake, || shake_cached(base, graph, start, cache))?;
    log.add_module(Stage::Shake, bytes_in, &shaken.module, notes);
    Ok(shaken)
}

fn shake_cached(
    base: &Linked<'_>,
    graph: &ModuleGraph,
    start: Start,
    cache: &Cache,
) -> Result<CachedShake, Error> {
    // The graph's builtin modules, less the frozen ones, which are data of the core.
    let builtins: BTreeSet<String> = base
        .of()
        .manifest()
        .builtins
        .iter()
        .filter(|name| graph.modules.contains_key(*name))
        .cloned()
        .collect();
    let plan = plan(builtins, cut(graph), start);
    let described = serde_json::to_string(&plan).unwrap_or_default();
    let key = Key::new(CacheKind::Shake, SHAKE_VERSION)
        .text(base.digest())
        .text(&described);
    cache.get_or(key, || shake_with(&base.read()?, &plan))
}

fn shake_with(base: &[u8], plan: &ShakePlan) -> Result<CachedShake, Error> {
    let made = shake(base, plan).map_err(Error::Shake)?;
    let stats = made
        .after_snapshot
        .as_ref()
        .map_or(&made.stats, |behind| &behind.stats);
    let notes = notes(stats);
    let anatomy = serde_json::to_vec(&made.symbol_graph).unwrap_or_default();
    let shaken = match made.after_snapshot {
        None => Shaken {
            anatomy,
            module: made.module,
            twin: None,
        },
        Some(behind) => Shaken {
            anatomy,
            module: behind.module,
            twin: Some(Twin {
                module: made.module,
                unneeded: behind.unneeded,
                cut: behind.cut,
            }),
        },
    };
    Ok(CachedShake { shaken, notes })
}

/// What the cache keeps.
struct CachedShake {
    shaken: Shaken,
    notes: Vec<StageNote>,
}

impl Stored for CachedShake {
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
    let ast = (!graph.modules.contains_key("_ast")).then_some(PART_AST);
    let compiler = (!graph.needs_compiler).then_some(PART_COMPILER);
    ast.into_iter().chain(compiler).map(str::to_owned).collect()
}

fn plan(builtins: BTreeSet<String>, cut: BTreeSet<String>, start: Start) -> ShakePlan {
    let names = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|&name| name.to_owned()).collect() };
    let mut drop_exports: BTreeSet<String> = names(&[COMMAND_LINE]);
    let snapshot = match start {
        Start::Whole => {
            drop_exports.extend(names(&SNAPSHOT));
            drop_exports.insert(RESUME.to_owned());
            None
        }
        Start::Snapshot { compiles } => {
            drop_exports.insert(START.to_owned());
            let leaves = !compiles && !cut.contains(PART_COMPILER);
            Some(SnapshotPlan {
                entry: RESUME.to_owned(),
                only_before: names(&SNAPSHOT),
                cut: if leaves {
                    names(&[PART_COMPILER])
                } else {
                    BTreeSet::new()
                },
            })
        }
    };
    ShakePlan {
        drop_exports,
        keep: BTreeSet::new(),
        cut,
        tables: vec![RecordTable {
            symbol: INITTAB.to_owned(),
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

/// The first line of a cache entry; behind it stand the module, the anatomy and the twin.
#[derive(Serialize, Deserialize)]
struct Head {
    notes: Vec<StageNote>,
    module_bytes: usize,
    anatomy_bytes: usize,
    /// Of the twin; `None`: there is none.
    unneeded: Option<Vec<Range<u32>>>,
    cut: Vec<Range<u32>>,
}

fn pack(shaken: &Shaken, notes: &[StageNote]) -> Vec<u8> {
    let head = Head {
        notes: notes.to_vec(),
        module_bytes: shaken.module.len(),
        anatomy_bytes: shaken.anatomy.len(),
        unneeded: shaken.twin.as_ref().map(|twin| twin.unneeded.clone()),
        cut: shaken
            .twin
            .as_ref()
            .map(|twin| twin.cut.clone())
            .unwrap_or_default(),
    };
    let mut entry = serde_json::to_vec(&head).unwrap_or_default();
    entry.push(b'\n');
    entry.extend_from_slice(&shaken.module);
    entry.extend_from_slice(&shaken.anatomy);
    entry.extend(shaken.twin.iter().flat_map(|twin| &twin.module));
    entry
}

fn unpack(entry: &[u8]) -> Option<(Shaken, Vec<StageNote>)> {
    let end = entry.iter().position(|&byte| byte == b'\n')?;
    let head: Head = serde_json::from_slice(&entry[..end]).ok()?;
    let (module, rest) = entry[end + 1..].split_at_checked(head.module_bytes)?;
    let (anatomy, twin) = rest.split_at_checked(head.anatomy_bytes)?;
    let shaken = Shaken {
        module: module.to_vec(),
        anatomy: anatomy.to_vec(),
        twin: head.unneeded.map(|unneeded| Twin {
            module: twin.to_vec(),
            unneeded,
            cut: head.cut,
        }),
    };
    Some((shaken, head.notes))
}
