//! Writes `recipe_files.rs`, a sorted slice of the paths and contents of the folder `recipe`, so that
//! the library contains all of its files.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=recipe");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("recipe");
    let mut files = Vec::new();
    collect(&root, "", &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for (path, file) in &files {
        code += &format!("    ({path:?}, include_bytes!({file:?}) as &[u8]),\n");
    }
    code += "]\n";
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("recipe_files.rs");
    fs::write(target, code)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Skips what editors and interpreters leave in a folder.
        if name.starts_with('.') || name.ends_with('~') || name == "__pycache__" {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}
