//! Packs the base in the folder `PYWASM_EMBED_BASE` into `base.tar.br` and sets the variable
//! `PYWASM_EMBEDDED_ID`, if the feature `base` is on. The program verifies each file when it unpacks
//! the archive.

#[cfg(feature = "base")]
#[path = "../pywasm-base/src/archive.rs"]
mod archive;

#[cfg(not(feature = "base"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "base")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../pywasm-base/src/archive.rs");
    if let Err(message) = embed::embed() {
        println!("cargo::error={message}");
    }
}

#[cfg(feature = "base")]
mod embed {
    use std::{
        env, fs,
        ops::ControlFlow,
        path::{Path, PathBuf},
    };

    use super::archive::{self, ArchiveError};

    const VARIABLE: &str = "PYWASM_EMBED_BASE";

    pub(super) fn embed() -> Result<(), String> {
        println!("cargo::rerun-if-env-changed={VARIABLE}");
        let folder = env::var_os(VARIABLE).map(PathBuf::from).ok_or_else(|| {
            format!("{VARIABLE} is not set; set it to the folder of the base to embed, which `pywasm base path` prints")
        })?;
        let manifest_path = folder.join("manifest.json");
        println!("cargo::rerun-if-changed={}", manifest_path.display());
        let text = fs::read(&manifest_path)
            .map_err(|error| format!("{} of {VARIABLE}: {error}", manifest_path.display()))?;
        let manifest: serde_json::Value =
            serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", manifest_path.display()))?;
        let no_base = || format!("{} is not the manifest of a base", manifest_path.display());
        let id = manifest["id"].as_str().ok_or_else(no_base)?;
        let files = manifest["files"].as_object().ok_or_else(no_base)?;
        let mut paths = vec!["manifest.json"];
        paths.extend(files.keys().map(String::as_str));
        paths.sort_unstable();
        let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
        let file = Path::new(&out).join("base.tar.br");
        let packed = archive::write(&folder, &paths, Vec::new(), |_, _| ControlFlow::Continue(()));
        let packed = packed.map_err(|error| match error {
            ArchiveError::Cancelled => "stopped".to_owned(),
            ArchiveError::Io { action, path, source } => {
                format!(
                    "cannot {action} {}: {source}",
                    path.unwrap_or(file.clone()).display()
                )
            }
        })?;
        fs::write(&file, packed).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("cargo::rustc-env=PYWASM_EMBEDDED_ID={id}");
        Ok(())
    }
}
