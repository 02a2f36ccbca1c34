//! What a user names as an artifact in, its module, symbol file and Brotli form out; shared by
//! `size` and `why --size`.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use pywasm_digest::Digest;
use pywasm_object::SymbolFile;
use pywasm_size::{Analysis, Costs, analyze};
use serde::Serialize;

use crate::{command::report, exit::Usage};

/// Where Brotli figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BrotliFrom {
    /// The `.br` beside the module.
    File,
    /// One that was made for the figures, with less effort.
    Made,
}

/// A module that was told apart.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) analysis: Analysis,
    pub(crate) brotli: Option<BrotliFrom>,
}

/// Opens a report, a module, or the only artifact of a project's folder.
pub(crate) fn open(path: &Path, with_brotli: bool) -> anyhow::Result<Opened> {
    let wasm = find(path)?;
    let module = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()));
    let module = module.map_err(Usage::mark)?;
    let symbols_path = wasm.with_extension("symbols.json");
    let symbols = match read_beside(&symbols_path)? {
        Some(json) => Some(SymbolFile::from_json(&json).map_err(|error| {
            let name = symbols_path.display();
            anyhow!("{name} {error}\nhint: build again, or take it away")
        })?),
        None => None,
    };
    let (mut costs, mut brotli) = (None, None);
    if with_brotli {
        costs = read_beside(&wasm.with_extension("wasm.br"))?.and_then(|packed| Costs::of(&module, &packed));
        brotli = Some(BrotliFrom::File);
        if costs.is_none() {
            costs = Costs::made(&module);
            brotli = Some(BrotliFrom::Made);
        }
    }
    let name = wasm.file_name().unwrap_or_default().to_string_lossy();
    let analysis = analyze(&name, &module, symbols, costs.as_ref()).map_err(|error| {
        let hint = match error {
            pywasm_size::Error::Layout(pywasm_size::LayoutError::Component) => {
                "\nhint: give the core module that it was made of"
            }
            pywasm_size::Error::OtherModule | pywasm_size::Error::Damaged(_) => {
                "\nhint: build again, or take NAME.symbols.json away"
            }
            pywasm_size::Error::Layout(_) => "",
        };
        anyhow::Error::new(error).context(format!("cannot tell {} apart{hint}", wasm.display()))
    })?;
    Ok(Opened {
        path: wasm,
        analysis,
        brotli,
    })
}

/// The module that is meant.
fn find(path: &Path) -> anyhow::Result<PathBuf> {
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
fn only_report(folder: &Path) -> anyhow::Result<PathBuf> {
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
        [] => Err(Usage::mark(anyhow!(
            "there is no NAME.report.json in {} or its dist/\nhint: `pywasm build` writes one; or name a .wasm file",
            folder.display()
        ))),
        [first, second, ..] => Err(Usage::mark(anyhow!(
            "there is more than one report: {} and {}\nhint: name the one that you mean",
            first.display(),
            second.display()
        ))),
    }
}

/// The module of a report, checked against its digest.
fn of_report(path: &Path) -> anyhow::Result<PathBuf> {
    let Some((wasm, digest)) = report::module(path, &report::read(path)?) else {
        bail!("{} lists no module", path.display());
    };
    let module = fs::read(&wasm).with_context(|| format!("cannot read the module of {}", path.display()))?;
    if Digest::compute(&module) != digest {
        bail!(
            "{} is not the module of {}\nhint: build again, or name the .wasm file",
            wasm.display(),
            path.display()
        );
    }
    Ok(wasm)
}

/// A file that may be there.
fn read_beside(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
