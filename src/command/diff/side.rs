//! What a user calls a build in, all that the files there tell of it out: the report, the symbol
//! file beside it, or only the sizes of files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use pywasm_digest::Digest;
use pywasm_object::SymbolFile;
use pywasm_report::{
    Report,
    diff::{Side, Symbol, Symbols},
};

use crate::{command::report, exit::Usage};

const REPORT: &str = ".report.json";

/// Endings of files that are shipped; what stands before them is the project's name.
const ENDINGS: [&str; 5] = ["wasm", "wasm.br", "wasm.gz", "wasm.zst", "cwasm"];

/// Reads the build at `path`: a report, an artifact, or a folder with one build, or with one of
/// the project `name`. `None` where nothing is there.
pub(super) fn read(path: &Path, name: Option<&str>) -> anyhow::Result<Option<Side>> {
    if !path.exists() {
        return Ok(None);
    }
    let shown = path.display().to_string();
    let side = if path.is_dir() {
        in_folder(path, name)?
    } else if shown.ends_with(REPORT) {
        with_report(path)?
    } else {
        artifact(path)?
    };
    Ok(Some(Side { name: shown, ..side }))
}

fn in_folder(folder: &Path, name: Option<&str>) -> anyhow::Result<Side> {
    let reports = ending_in(folder, REPORT)?;
    let of_name = name.map(|name| folder.join(format!("{name}{REPORT}")));
    match (reports.as_slice(), of_name) {
        ([report], _) => return with_report(report),
        (_, Some(report)) if reports.contains(&report) => return with_report(&report),
        ([], _) => {}
        _ => return Err(several(folder, &reports)),
    }
    let modules = ending_in(folder, ".wasm")?;
    match modules.as_slice() {
        [module] => artifact(module),
        [] => Err(Usage::mark(anyhow::anyhow!(
            "`{}` holds no report and no module\nhint: name the folder that a build wrote, such as dist/",
            folder.display()
        ))),
        _ => Err(several(folder, &modules)),
    }
}

fn several(folder: &Path, files: &[PathBuf]) -> anyhow::Error {
    let names = files.iter().filter_map(|file| file.file_name());
    let names: Vec<_> = names.map(|name| format!("`{}`", name.display())).collect();
    Usage::mark(anyhow::anyhow!(
        "`{}` holds several builds: {}\nhint: name the one that is meant",
        folder.display(),
        names.join(", ")
    ))
}

fn with_report(path: &Path) -> anyhow::Result<Side> {
    let report = report::read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut side = Side::default();
    // A name of a report from elsewhere leads to no other folder.
    let name = Path::new(&report.project.name).file_name().unwrap_or_default();
    let beside = |ending: &str| folder.join(format!("{}.{ending}", name.display()));
    let (symbols, module) = (beside("symbols.json"), beside("wasm"));
    if symbols.is_file() {
        match belongs(&report, &symbols)? {
            Some(bytes) => match SymbolFile::from_json(&bytes) {
                Ok(file) => side.symbols = Some(symbols_of(file)),
                Err(fault) => side.remarks.push(format!(
                    "`{}` {fault}, so functions are not compared",
                    symbols.display()
                )),
            },
            None => side
                .remarks
                .push(of_another_build(&symbols) + ", so functions are not compared"),
        }
    } else if module.is_file()
        && let Some(bytes) = belongs(&report, &module)?
    {
        side.symbols = from_module(&bytes);
    }
    side.report = Some(report);
    Ok(side)
}

/// The content of a file, where it is the one that the report tells of.
fn belongs(report: &Report, path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = read_file(path)?;
    let mut artifacts = report.artifacts.iter();
    let digest = Digest::compute(&bytes);
    Ok(artifacts
        .any(|artifact| artifact.file == name && artifact.sha256 == digest)
        .then_some(bytes))
}

fn of_another_build(path: &Path) -> String {
    format!(
        "`{}` is not of the build that the report beside it tells of",
        path.display()
    )
}

/// What the module itself tells: names only where it was built with `--profile dev`.
fn from_module(bytes: &[u8]) -> Option<Symbols> {
    pywasm_object::symbol_file(bytes).ok().map(symbols_of)
}

/// As far as a comparison needs it.
fn symbols_of(symbols: SymbolFile) -> Symbols {
    let files = symbols.files;
    let name = |index: &u32| files.get(*index as usize).cloned();
    let symbol = |symbol: Option<String>, file: Option<u32>, bytes| Symbol {
        name: symbol,
        file: file.as_ref().and_then(name),
        bytes,
    };
    let functions = symbols.functions.into_iter();
    let data = symbols.symbols.into_iter();
    let builtins = symbols.builtins.into_iter();
    Symbols {
        functions: functions
            .map(|one| symbol(one.name, one.file, one.size))
            .collect(),
        data: data.map(|one| symbol(one.name, one.file, one.size)).collect(),
        builtins: builtins
            .map(|(module, files)| (module, files.iter().filter_map(name).collect()))
            .collect(),
    }
}

/// A file that was shipped: its report, if one beside it tells of it; else its size.
fn artifact(path: &Path) -> anyhow::Result<Side> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut remarks = Vec::new();
    for report_path in ending_in(folder, REPORT)? {
        let Ok(report) = report::read(&report_path) else {
            continue;
        };
        if report.artifacts.iter().all(|artifact| artifact.file != name) {
            continue;
        }
        if belongs(&report, path)?.is_some() {
            return with_report(&report_path);
        }
        remarks.push(of_another_build(path));
    }
    let ending = ENDINGS
        .iter()
        .rev()
        .find(|ending| name.ends_with(&format!(".{ending}")));
    let Some(&ending) = ending else {
        return Err(Usage::mark(anyhow::anyhow!(
            "`{}` is no build: neither a report (NAME{REPORT}) nor an artifact (NAME.{})\nhint: name a file of dist/, or the folder itself",
            path.display(),
            ENDINGS.join(", NAME.")
        )));
    };
    let size = |path: &Path| {
        let about = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        anyhow::Ok(about.len())
    };
    let mut files = BTreeMap::from([(ending.to_owned(), size(path)?)]);
    let brotli = folder.join(format!("{name}.br"));
    if ending == "wasm" && brotli.is_file() {
        files.insert("wasm.br".to_owned(), size(&brotli)?);
    }
    Ok(Side {
        files,
        remarks,
        ..Side::default()
    })
}

/// The files of a folder whose name ends in `end`, sorted.
fn ending_in(folder: &Path, end: &str) -> anyhow::Result<Vec<PathBuf>> {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = fs::read_dir(here).with_context(|| format!("cannot list `{}`", here.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let name = entry
            .with_context(|| format!("cannot list `{}`", here.display()))?
            .file_name();
        if name.to_string_lossy().ends_with(end) {
            found.push(folder.join(name));
        }
    }
    found.sort();
    Ok(found)
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let read = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()));
    read.map_err(Usage::mark)
}
