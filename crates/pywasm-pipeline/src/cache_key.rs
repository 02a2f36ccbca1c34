//! Makes the cache key of each stage: one function for each stage, named after it.
//!
//! A key holds everything that the result depends on. Where the code of a stage changes what it makes,
//! its version changes too.

use pywasm_base::{Base, Compiler, ExtensionSource};
use pywasm_bundle::{bytecode::Docstrings, marshal::Columns};
use pywasm_cache::{CacheKind, Key};
use pywasm_digest::Digest;
use pywasm_dist::{COMPRESS_VERSION, Piece};
use pywasm_interpreter::{
    AotCompiler, FileInfo, Interpreter, Level, Machine, MachineCodeRecord, Optimizer, host_features,
    host_target,
};
use pywasm_object::{LINK_VERSION, LinkPlan, SHAKE_VERSION, ShakePlan};

use crate::{
    Error,
    stage::{bytecode::Source, link::LinkedBase, native::NativeTool, sources::Sources},
};

/// Changes when the same C sources would be compiled in another way.
const EXTENSION_VERSION: u32 = 1;

/// Changes with what the stage `optimize` does besides the optimizer.
const OPTIMIZE_VERSION: u32 = 2;

/// Changes when another engine's compiler is called in another way.
const AOT_NATIVE_VERSION: u32 = 1;

/// Changes with the form of a pack. What is in a pack has digests of its own, which name the scanner.
const SCAN_VERSION: u32 = 1;

/// The key of the scans of a package's files, for the stage `resolve`.
pub(crate) fn scan(package: Digest) -> Key {
    Key::new(CacheKind::Scan, SCAN_VERSION).text(&package.to_string())
}

/// The key of a compiled C module, before the stage `link`. The headers are not in it: the compiler
/// finds them only at work, so the entry names them.
pub(crate) fn extension(
    base: &Base,
    compiler: &Compiler,
    source: &ExtensionSource<'_>,
    sources: &Sources,
) -> Result<Key, Error> {
    let mut key = Key::new(CacheKind::Extension, EXTENSION_VERSION)
        .text(source.name)
        .text(base.id())
        .text(compiler.version());
    for flag in source.flags() {
        key = key.text(&flag);
    }
    for file in source.sources {
        key = key.text(file).bytes(&sources.read(&source.root.join(file))?);
    }
    Ok(key)
}

/// The key of the base with the C modules in it.
pub(crate) fn link(base: &Base, plan: &LinkPlan) -> Key {
    let key = Key::new(CacheKind::Link, LINK_VERSION).text(base.id());
    let key = plan.modules.iter().fold(key, |key, side| {
        key.text(&side.name)
            .bytes(&side.wasm)
            .text(if side.is_open { "open" } else { "closed" })
    });
    plan.exports.iter().fold(key.text("exports"), |key, export| {
        key.text(&export.module.to_string()).text(&export.function)
    })
}

/// The key of the shaken module and its twin; `optimized`: they are of the base's optimized form.
pub(crate) fn shake(linked: &LinkedBase<'_>, optimized: bool, plan: &ShakePlan) -> Key {
    Key::new(CacheKind::Shake, SHAKE_VERSION)
        .text(linked.digest())
        .text(if optimized { "optimized" } else { "linked" })
        .text(&serde_json::to_string(plan).unwrap_or_default())
}

/// The key of the optimized module.
pub(crate) fn optimize(module: &[u8], level: Level, optimizer: &dyn Optimizer) -> Key {
    Key::new(CacheKind::Optimize, OPTIMIZE_VERSION)
        .text(&optimizer.version().to_string())
        .text(&format!("{level:?}"))
        .bytes(module)
}

/// The key of one module's bytecode, for the stage `bundle`.
pub(crate) fn bytecode(base: &Base, interpreter: &dyn Interpreter, source: &Source) -> Key {
    let docstrings = match source.docstrings {
        Docstrings::Strip => "strip",
        Docstrings::Keep => "keep",
    };
    let columns = match source.columns {
        Columns::Drop => "drop",
        Columns::Keep => "keep",
    };
    Key::new(CacheKind::Bytecode, interpreter.compile_version())
        .text(base.id())
        .text(&source.guest)
        .text(docstrings)
        .text(columns)
        .bytes(&source.bytes)
}

/// The key of a compressed piece of a module.
pub(crate) fn compress(piece: &Piece<'_>) -> Key {
    Key::new(CacheKind::Compress, COMPRESS_VERSION)
        .text(if piece.is_first { "first" } else { "later" })
        .bytes(piece.context)
        .bytes(piece.bytes)
}

/// The key of the engine's machine code. The record of the code names all that the code depends on.
pub(crate) fn aot(module: &[u8], machine: &Machine, compiler: &dyn AotCompiler) -> Key {
    let (source, code) = (FileInfo::new("", module), FileInfo::new("", b""));
    let record = MachineCodeRecord::new(compiler, machine, source, code);
    Key::new(CacheKind::Aot, compiler.version())
        .text(&compiler.engine().version)
        .text(&record.to_json())
}

/// The key of another engine's machine code. Its compiler makes code for the machine that it runs on,
/// and a machine of another kind may share the cache.
pub(crate) fn aot_native(module: &[u8], tool: &NativeTool) -> Key {
    let features = host_features().unwrap_or_default();
    Key::new(CacheKind::Aot, AOT_NATIVE_VERSION)
        .text(tool.compiler().name())
        .text(tool.version())
        .text(&host_target())
        .text(&Digest::compute(module).to_string())
        .texts(features.iter().copied().collect::<Vec<_>>().into_iter())
}
