//! Sets `PYWASM_SCANNER` to a digest of the scanner's own sources and of what it is built from, so that
//! a scan that was kept is never taken for one that another scanner would make.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The workspace's manifest, which pins the parser.
const WORKSPACE: &str = "../../Cargo.toml";

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for folder in ["src", "../pywasm-target/src"] {
        println!("cargo::rerun-if-changed={folder}");
        for path in list_files(Path::new(folder))? {
            fs::read(path)?.hash(&mut hasher);
        }
    }
    println!("cargo::rerun-if-changed={WORKSPACE}");
    for line in fs::read_to_string(WORKSPACE)?.lines() {
        if line.starts_with("ruff_") {
            line.hash(&mut hasher);
        }
    }
    println!("cargo::rustc-env=PYWASM_SCANNER={:016x}", hasher.finish());
    Ok(())
}

fn list_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<PathBuf>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    Ok(files)
}
