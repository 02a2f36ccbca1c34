//! Judges each distribution: what is compiled in it, what the program does with that, and so whether
//! it runs.

use std::collections::BTreeMap;

use pywasm_deps::Distribution;
use pywasm_resolve::{Cause, ModuleKind, UnresolvedImport};

use crate::audit::Input;
use crate::model::{DistributionAudit, File, FileState, Importer, Level, Verdict};
use crate::native::{self, Format, MachineCode};
use crate::site;

/// The folder of a root, as messages begin the names of files in it.
pub(crate) fn label(input: &Input<'_>, distribution: &Distribution) -> String {
    let folder = distribution.folder.parent();
    let root = input
        .roots
        .iter()
        .find(|root| Some(root.path.as_path()) == folder);
    root.map_or_else(|| "site-packages/".to_owned(), |root| root.label.clone())
}

/// Judges one distribution; what blocks it and what to do about it comes later.
pub(crate) fn distribution(
    input: &Input<'_>,
    distribution: &Distribution,
    path: Vec<String>,
) -> DistributionAudit {
    let files = files(input, distribution);
    let reached = files.iter().any(|file| !file.importers.is_empty()) || is_reached(input, distribution);
    let name = distribution.name.clone();
    let mut audited = verdict(name, files, reached);
    audited.version = Some(distribution.version.clone()).filter(|version| !version.is_empty());
    audited.path = path;
    audited.tags.clone_from(&distribution.tags);
    if audited.verdict == Verdict::Native && is_emscripten(&distribution.tags) {
        audited.reason += "; its wheel is built for Emscripten (as in Pyodide), not for WASI";
    }
    audited
}

/// Compiled modules that the program imports and no distribution contains, by top-level module.
pub(crate) fn strays(input: &Input<'_>, known: &[DistributionAudit]) -> Vec<DistributionAudit> {
    let is_known = |file: &str| {
        known
            .iter()
            .flat_map(|one| &one.files)
            .any(|known| known.file == file)
    };
    let mut groups: BTreeMap<String, BTreeMap<String, File>> = BTreeMap::new();
    for miss in &input.graph.misses {
        let Cause::Native(shown) = &miss.cause else {
            continue;
        };
        if is_known(shown) {
            continue;
        }
        let top = miss.needs.split('.').next().unwrap_or(&miss.needs).to_owned();
        let of_group = groups.entry(top).or_default();
        of_group.entry(shown.clone()).or_insert_with(|| {
            let root = input.roots.iter().find_map(|root| {
                let path = root.path.join(shown.strip_prefix(&root.label)?);
                native::identify(&path).ok().flatten()
            });
            let unknown = MachineCode {
                format: Format::Wasm,
                machine: "an unknown machine".to_owned(),
            };
            file(
                input,
                shown.clone(),
                Some(miss.needs.clone()),
                root.unwrap_or(unknown),
            )
        });
    }
    let groups = groups.into_iter();
    groups
        .map(|(name, files)| verdict(name, files.into_values().collect(), true))
        .collect()
}

/// The misses that a compiled file explains, the worst first.
pub(crate) fn misses<'g>(input: &Input<'g>, file: &str) -> Vec<&'g UnresolvedImport> {
    let is_this = |miss: &&UnresolvedImport| matches!(&miss.cause, Cause::Native(native) if native == file);
    let mut misses: Vec<&UnresolvedImport> = input.graph.misses.iter().filter(is_this).collect();
    misses.sort_by_key(|miss| std::cmp::Reverse(miss.severity));
    misses
}

/// Every compiled file that its `RECORD` lists, by the first bytes of each.
fn files(input: &Input<'_>, distribution: &Distribution) -> Vec<File> {
    let label = label(input, distribution);
    let Some(folder) = distribution.folder.parent() else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for entry in &distribution.files {
        // Scripts stand outside of the folder; no module does.
        if entry.path.starts_with('/') || entry.path.split('/').any(|part| part == "..") {
            continue;
        }
        // A file that is not there cannot be imported either.
        let Ok(Some(mut native)) = native::identify(&folder.join(&entry.path)) else {
            continue;
        };
        let by_name = entry.path.contains("emscripten") || is_emscripten(&distribution.tags);
        if native.format == Format::WasmWasi && by_name {
            native.format = Format::WasmEmscripten;
            native.machine = "Emscripten's ABI, not WASI's".to_owned();
        }
        let mut found = file(
            input,
            format!("{label}{}", entry.path),
            module(&entry.path),
            native,
        );
        let source = module_source(&entry.path);
        let has_source =
            source.is_some_and(|source| distribution.files.iter().any(|file| file.path == source));
        // An extension of the project may have compiled it from its source.
        let name = found.module.as_ref();
        let is_built = name.is_some_and(|name| input.graph.modules.contains_key(name));
        if found.state == FileState::Unused && (has_source || is_built) {
            found.state = FileState::Shadowed;
        }
        files.push(found);
    }
    files
}

fn file(input: &Input<'_>, shown: String, module: Option<String>, native: MachineCode) -> File {
    let mut importers: Vec<Importer> = misses(input, &shown)
        .into_iter()
        .map(|miss| site::importer(input.graph, miss))
        .collect();
    importers.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.cmp(b)));
    importers.dedup();
    File {
        state: match importers.first().map(|importer| importer.level) {
            None => FileState::Unused,
            Some(Level::Error) => FileState::Needed,
            Some(Level::Warning) => FileState::Late,
            Some(_) => FileState::Caught,
        },
        file: shown,
        native,
        module,
        importers,
    }
}

fn is_reached(input: &Input<'_>, distribution: &Distribution) -> bool {
    let Some(folder) = distribution.folder.parent() else {
        return false;
    };
    input.graph.modules.values().any(|module| match &module.kind {
        ModuleKind::Source { path, .. } => path.strip_prefix(folder).is_ok_and(|below| {
            let below = below.to_string_lossy().replace('\\', "/");
            let files = &distribution.files;
            files
                .binary_search_by(|file| file.path.as_str().cmp(&below))
                .is_ok()
        }),
        _ => false,
    })
}

fn verdict(name: String, files: Vec<File>, reached: bool) -> DistributionAudit {
    let worst = files.iter().map(|file| file.state).max();
    let modules = || files.iter().filter(|file| file.module.is_some());
    let is_wasi = |file: &File| file.native.format == Format::WasmWasi;
    let asked = |file: &&File| Some(file.state) == worst;
    let (verdict, level) = match worst {
        None => (Verdict::Pure, Level::None),
        Some(FileState::Needed) if files.iter().filter(asked).all(is_wasi) => (Verdict::Wasi, Level::Error),
        Some(FileState::Needed) => (Verdict::Native, Level::Error),
        Some(FileState::Late) if files.iter().filter(asked).all(is_wasi) => (Verdict::Wasi, Level::Warning),
        Some(FileState::Late) => (Verdict::Native, Level::Warning),
        Some(_) if modules().next().is_some() && modules().all(is_wasi) => (Verdict::Wasi, Level::None),
        Some(_) if reached => (Verdict::Fallback, Level::None),
        Some(_) if modules().all(|file| file.state == FileState::Shadowed) => {
            (Verdict::Fallback, Level::None)
        }
        Some(_) => (Verdict::Native, Level::Note),
    };
    let reason = reason(&files, verdict, level, reached);
    DistributionAudit {
        name,
        version: None,
        verdict,
        level,
        reached,
        path: Vec::new(),
        tags: Vec::new(),
        reason,
        blocked_by: Vec::new(),
        files,
        chain: Vec::new(),
        place: None,
        remedies: Vec::new(),
    }
}

/// The file that the program needs most; the first of several.
fn worst(files: &[File]) -> Option<&File> {
    // Of several, `max_by_key` takes the last.
    files.iter().rev().max_by_key(|file| file.state)
}

impl DistributionAudit {
    /// The compiled file that the program needs most.
    pub(crate) fn worst_file(&self) -> Option<&File> {
        worst(&self.files)
    }
}

/// One sentence on why the verdict is what it is.
fn reason(files: &[File], verdict: Verdict, level: Level, reached: bool) -> String {
    let Some(worst) = worst(files) else {
        return if reached {
            "no compiled code".to_owned()
        } else {
            "no compiled code; nothing imports it".to_owned()
        };
    };
    let made_for = format!("{} for {}", worst.native.format.as_str(), worst.native.machine);
    let module = worst.module.as_deref().unwrap_or(&worst.file);
    let by = worst.importers.first();
    let place = by.map_or_else(String::new, place);
    let importer = by.map_or("", |by| by.module.as_str());
    let asks = by.map_or(module, |by| by.asks.as_str());
    match (verdict, level) {
        (Verdict::Wasi, Level::None) => "its compiled code is built for WASI".to_owned(),
        (Verdict::Wasi, _) => format!(
            "`{module}` is built for WASI, but an artifact cannot load it: compiled code has to be linked in from its source"
        ),
        (_, Level::Error) if importer.is_empty() => format!("`{module}` is compiled code ({made_for})"),
        (_, Level::Error) => {
            format!("`{importer}` needs `{asks}`{place}, which is compiled code ({made_for})")
        }
        (_, Level::Warning) => {
            let when = match by.map(|by| by.kind) {
                Some("lazy") => "in a function",
                _ => "under a condition",
            };
            format!("`{importer}` imports `{asks}` {when}{place}, which is compiled code ({made_for})")
        }
        (Verdict::Native, _) => {
            format!("compiled code ({made_for}); nothing imports it, so the artifact leaves it out")
        }
        _ => match worst.state {
            FileState::Caught => format!("`{importer}` works without `{asks}`{place}"),
            FileState::Shadowed => format!("`{module}` is loaded from its source"),
            _ => "nothing imports its compiled code".to_owned(),
        },
    }
}

fn place(by: &Importer) -> String {
    match by.place.line {
        0 => String::new(),
        line => format!(" ({}:{line})", by.place.file),
    }
}

fn is_emscripten(tags: &[String]) -> bool {
    tags.iter()
        .any(|tag| tag.contains("pyodide") || tag.contains("emscripten"))
}

/// The module that a file would be, by its name: `a/b.cpython-313-x86_64-linux-gnu.so`.
fn module(path: &str) -> Option<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, rest) = file.split_once('.')?;
    if !matches!(rest.rsplit('.').next(), Some("so" | "pyd" | "dylib" | "wasm")) {
        return None;
    }
    let folders = folder.split('/').filter(|part| !part.is_empty());
    let parts: Vec<&str> = folders.chain((stem != "__init__").then_some(stem)).collect();
    let all_names = parts.iter().all(|part| pywasm_target::is_identifier(part));
    (all_names && !parts.is_empty()).then(|| parts.join("."))
}

/// The source file that would be the same module.
fn module_source(path: &str) -> Option<String> {
    module(path)?;
    let start = path.rfind('/').map_or(0, |at| at + 1);
    let stem = path[start..].split('.').next()?;
    Some(format!("{}{stem}.py", &path[..start]))
}

#[cfg(test)]
mod tests {
    use super::{module, module_source};

    #[test]
    fn a_file_name_says_its_module() {
        let path = "a/_b.cpython-313-x86_64-linux-gnu.so";
        assert_eq!(module(path).as_deref(), Some("a._b"));
        assert_eq!(module_source(path).as_deref(), Some("a/_b.py"));
        assert_eq!(module("ujson.abi3.so").as_deref(), Some("ujson"));
        assert_eq!(module("numpy.libs/libx-1a.so.0"), None);
        assert_eq!(module("a/b.py"), None);
    }
}
