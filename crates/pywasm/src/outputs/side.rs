//! Reads all that the files of a build tell of it, for a comparison: the report, the symbol file
//! beside it, or only the sizes of files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use pywasm_digest::Digest;
use pywasm_object::SymbolFile;
use pywasm_report::{
    Report,
    diff::{Side, Symbol, Symbols},
};

use super::{Error, read_report};

const REPORT: &str = ".report.json";

/// Endings of files that are shipped; what stands before them is the project's name.
static ENDINGS: [&str; 5] = ["wasm", "wasm.br", "wasm.gz", "wasm.zst", "cwasm"];

/// Reads the build at `path`: a report, an artifact, or a folder with one build, or with one of
/// the project `name`. `None` where nothing is there.
///
/// # Errors
/// When something else is there, or more than one build.
pub fn read_side(path: &Path, name: Option<&str>) -> Result<Option<Side>, Error> {
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

fn in_folder(folder: &Path, name: Option<&str>) -> Result<Side, Error> {
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
        [] => Err(Error::NoBuild(folder.to_owned())),
        _ => Err(several(folder, &modules)),
    }
}

fn several(folder: &Path, files: &[PathBuf]) -> Error {
    let names = files.iter().filter_map(|file| file.file_name());
    Error::SeveralBuilds {
        folder: folder.to_owned(),
        names: names.map(|name| format!("`{}`", name.display())).collect(),
    }
}

fn with_report(path: &Path) -> Result<Side, Error> {
    let report = read_report(path)?;
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
fn belongs(report: &Report, path: &Path) -> Result<Option<Vec<u8>>, Error> {
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
fn artifact(path: &Path) -> Result<Side, Error> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut remarks = Vec::new();
    for report_path in ending_in(folder, REPORT)? {
        let Ok(report) = read_report(&report_path) else {
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
        return Err(Error::NotABuild {
            path: path.to_owned(),
            endings: &ENDINGS,
        });
    };
    let size = |path: &Path| {
        let about = fs::metadata(path).map_err(Error::io(format!("read `{}`", path.display())))?;
        Ok::<u64, Error>(about.len())
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
fn ending_in(folder: &Path, end: &str) -> Result<Vec<PathBuf>, Error> {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let list = || format!("list `{}`", here.display());
    let entries = fs::read_dir(here).map_err(Error::io(list()))?;
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::io(list()))?.file_name();
        if name.to_string_lossy().ends_with(end) {
            found.push(folder.join(name));
        }
    }
    found.sort();
    Ok(found)
}

fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(Error::named(format!("read `{}`", path.display())))
}
