//! The base and the builtin modules that the graph reaches in, a module without the rest out.

use std::{collections::BTreeSet, fs};

use pywasm_base::Base;
use pywasm_object::{RecordTable, SHAKE_VERSION, ShakePlan, ShakeStats, Share, shake};
use pywasm_report::StageNote;
use pywasm_resolve::ModuleGraph;

use super::Recorder;
use crate::{
    Error,
    cache::{Cache, Key},
};

/// CPython's table of builtin modules: name and init function, four bytes each.
const INITTAB: &str = "_PyImport_Inittab";
/// The export that only a base needs: the plain `python` command line.
const COMMAND_LINE: &str = "pywasm_python";

/// Tables through which the core calls its optional parts (the base's `runtime/parts.c`).
const PART_AST: &str = "pywasm_part_ast";
const PART_COMPILER: &str = "pywasm_part_compiler";

/// What shaking left.
pub(crate) struct Shaken {
    pub(crate) module: Vec<u8>,
}

pub(crate) fn run(
    base: &Base,
    graph: &ModuleGraph,
    cache: &Cache,
    recorder: &mut Recorder<'_>,
) -> Result<Shaken, Error> {
    recorder.begin("shake");
    let path = base.wasm();
    let bytes_in = fs::metadata(&path)
        .map_err(|error| Error::io("read", &path, error))?
        .len();
    // The graph's builtin modules, less the frozen ones, which are data of the core.
    let builtins: BTreeSet<String> = base
        .manifest()
        .builtins
        .iter()
        .filter(|name| graph.modules.contains_key(*name))
        .cloned()
        .collect();
    let cut = cut(graph);
    let key = Key::new("shake", SHAKE_VERSION)
        .text(base.id())
        .texts(builtins.iter().map(String::as_str))
        .texts(cut.iter().map(String::as_str));
    let (module, notes) = match cache.get("shake", key.clone()).and_then(|entry| unpack(&entry)) {
        Some(found) => found,
        None => {
            let linked = fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
            let shaken = shake(&linked, &plan(&builtins, &cut)).map_err(Error::Shake)?;
            let notes = notes(&shaken.stats);
            cache.put("shake", key, &pack(&shaken.module, &notes));
            (shaken.module, notes)
        }
    };
    recorder.end_with_module(
        "shake",
        usize::try_from(bytes_in).unwrap_or(usize::MAX),
        &module,
        notes,
    );
    Ok(Shaken { module })
}

/// The parts of the core that this program does without.
fn cut(graph: &ModuleGraph) -> BTreeSet<String> {
    let ast = (!graph.modules.contains_key("_ast")).then_some(PART_AST);
    let compiler = (!graph.needs_compiler).then_some(PART_COMPILER);
    ast.into_iter().chain(compiler).map(str::to_owned).collect()
}

fn plan(builtins: &BTreeSet<String>, cut: &BTreeSet<String>) -> ShakePlan {
    ShakePlan {
        drop_exports: [COMMAND_LINE.to_owned()].into(),
        keep: BTreeSet::new(),
        cut: cut.clone(),
        tables: vec![RecordTable {
            symbol: INITTAB.to_owned(),
            record_size: 8,
            key_offset: 0,
            keep: builtins.clone(),
        }],
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

/// A cache entry: the notes as one line of JSON, then the module.
fn pack(module: &[u8], notes: &[StageNote]) -> Vec<u8> {
    let mut entry = serde_json::to_vec(notes).unwrap_or_default();
    entry.push(b'\n');
    entry.extend_from_slice(module);
    entry
}

fn unpack(entry: &[u8]) -> Option<(Vec<u8>, Vec<StageNote>)> {
    let end = entry.iter().position(|&byte| byte == b'\n')?;
    let notes = serde_json::from_slice(&entry[..end]).ok()?;
    Some((entry[end + 1..].to_vec(), notes))
}
