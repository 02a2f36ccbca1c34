//! Opens a built module and tells its parts apart, with the symbol file and the Brotli form that
//! stand beside it.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use pywasm_digest::Digest;
use pywasm_object::SymbolFile;
use pywasm_report::Report;
use pywasm_size::{Analysis, BrotliCosts, Tree, analyze};
use serde::Serialize;

use super::{Error, module_of, read_report};

/// Where Brotli figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrotliSource {
    /// The `.br` beside the module.
    File,
    /// One that was made for the figures, with less effort.
    Made,
}

/// A module that was told apart.
pub struct OpenedModule {
    /// Its file.
    pub path: PathBuf,
    /// Its parts.
    pub analysis: Analysis,
    /// The report of its build, where it stands beside it.
    pub report: Option<Report>,
    /// Where its Brotli figures come from, if it has any.
    pub brotli: Option<BrotliSource>,
}

/// The sizes of a module's parts: the content of `pywasm size --format json`.
#[derive(Debug, Serialize)]
pub struct ModuleSizes<'a> {
    schema: u32,
    file: &'a str,
    brotli_from: Option<BrotliSource>,
    tree: &'a Tree,
}

impl OpenedModule {
    /// The sizes of its parts.
    #[must_use]
    pub fn sizes(&self) -> ModuleSizes<'_> {
        ModuleSizes {
            schema: 1,
            file: &self.analysis.tree.name,
            brotli_from: self.brotli,
            tree: &self.analysis.tree,
        }
    }
}

/// Opens what `path` names: a report's module, a module, or the only artifact of a project's folder.
///
/// # Errors
/// When it is not there, or its parts cannot be told apart.
pub fn open_module(path: &Path, with_brotli: bool) -> Result<OpenedModule, Error> {
    let wasm = find(path)?;
    let module = fs::read(&wasm).map_err(Error::named(format!("read {}", wasm.display())))?;
    let symbols_path = wasm.with_extension("symbols.json");
    let symbols = match read_beside(&symbols_path)? {
        Some(json) => Some(SymbolFile::from_json(&json).map_err(|error| Error::Symbols {
            path: symbols_path,
            cause: error.to_string(),
        })?),
        None => None,
    };
    let (mut costs, mut brotli) = (None, None);
    if with_brotli {
        costs = read_beside(&wasm.with_extension("wasm.br"))?
            .and_then(|packed| BrotliCosts::measure(&module, &packed));
        brotli = Some(BrotliSource::File);
        if costs.is_none() {
            costs = BrotliCosts::compress(&module);
            brotli = Some(BrotliSource::Made);
        }
    }
    let name = wasm.file_name().unwrap_or_default().to_string_lossy();
    let analysis = match analyze(&name, &module, symbols, costs.as_ref()) {
        Ok(analysis) => analysis,
        Err(cause) => return Err(Error::Analysis { path: wasm, cause }),
    };
    Ok(OpenedModule {
        report: report_beside(&wasm, &module),
        path: wasm,
        analysis,
        brotli,
    })
}

/// The report beside a module that is about this very module.
fn report_beside(wasm: &Path, module: &[u8]) -> Option<Report> {
    let path = wasm.with_extension("report.json");
    let report = read_report(&path).ok()?;
    let (_, digest) = module_of(&path, &report)?;
    (Digest::compute(module) == digest).then_some(report)
}

/// The module that is meant.
fn find(path: &Path) -> Result<PathBuf, Error> {
    if path.is_dir() {
        return of_report(&only_report(path)?);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(".json") {
        return of_report(path);
    }
    Ok(path.to_owned())
}

/// The only report in a folder, or in its `dist`.
fn only_report(folder: &Path) -> Result<PathBuf, Error> {
    let mut found = Vec::new();
    for folder in [folder.to_owned(), folder.join("dist")] {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        let paths = entries.flatten().map(|entry| entry.path());
        found.extend(paths.filter(|path| path.to_string_lossy().ends_with(".report.json")));
    }
    found.sort();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Error::NoReportIn(folder.to_owned())),
        [first, second, ..] => Err(Error::SeveralReports(first.clone(), second.clone())),
    }
}

/// The module of a report, checked against its digest.
fn of_report(path: &Path) -> Result<PathBuf, Error> {
    let Some((wasm, digest)) = module_of(path, &read_report(path)?) else {
        return Err(Error::NoModule(path.to_owned()));
    };
    let module = fs::read(&wasm).map_err(Error::io(format!("read the module of {}", path.display())))?;
    if Digest::compute(&module) != digest {
        return Err(Error::OtherModule {
            module: wasm,
            report: path.to_owned(),
        });
    }
    Ok(wasm)
}

/// A file that may be there.
fn read_beside(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("read {}", path.display()))(error)),
    }
}
