//! Sets `PYWASM_SCANNER` to a digest of the scanner's own sources and of what it is built from, so that
//! a scan that was kept is never taken for one that another scanner would make.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The workspace's manifest, which pins the parser.
const WORKSPACE: &str = "../../Cargo.toml";

fn main() -> io::Result<()> {
    let mut digest = OFFSET;
    for folder in ["src", "../pywasm-target/src"] {
        println!("cargo::rerun-if-changed={folder}");
        for path in list_files(Path::new(folder))? {
            digest = add(digest, &fs::read(path)?);
        }
    }
    println!("cargo::rerun-if-changed={WORKSPACE}");
    for line in fs::read_to_string(WORKSPACE)?.lines() {
        if line.starts_with("ruff_") {
            digest = add(digest, line.as_bytes());
        }
    }
    println!("cargo::rustc-env=PYWASM_SCANNER={digest:016x}");
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

/// FNV-1a: nobody makes two scanners with the same digest on purpose.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn add(digest: u64, bytes: &[u8]) -> u64 {
    let step = |digest: u64, byte: u8| (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let length = (bytes.len() as u64).to_le_bytes();
    length
        .iter()
        .chain(bytes)
        .fold(digest, |digest, byte| step(digest, *byte))
}
