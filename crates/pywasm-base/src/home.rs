//! Finds the folder in which pywasm keeps what outlives a build, and names its subfolders. Nothing is
//! created until it is needed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use crate::error::{Error, IoContext as _};

/// The environment variable that names the home folder.
pub const HOME_VARIABLE: &str = "PYWASM_HOME";

/// The folder for bases, downloads and caches; always an absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// Finds the home folder: `explicit`, else `PYWASM_HOME` if it is set and not empty, else `pywasm`
    /// in the platform's cache folder.
    pub fn discover(explicit: Option<&Path>) -> Result<Self, Error> {
        if let Some(path) = explicit {
            return Self::new(path);
        }
        if let Some(path) = env::var_os(HOME_VARIABLE).filter(|value| !value.is_empty()) {
            return Self::new(path.as_ref());
        }
        let strategy = etcetera::base_strategy::choose_native_strategy().map_err(|_| Error::NoHome)?;
        Self::new(&strategy.cache_dir().join("pywasm"))
    }

    /// Uses the folder `path` as home folder.
    pub fn new(path: &Path) -> Result<Self, Error> {
        let root = std::path::absolute(path).with_path("find", path)?;
        Ok(Self { root })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of installed bases; each has a folder named by its id.
    pub fn bases(&self) -> PathBuf {
        self.root.join("bases")
    }

    /// The folder of what pywasm can make again at any time: stage results and compiled bytecode.
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// The folder of source archives. The SHA-256 of each is checked whenever it is used.
    pub fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    /// The folder of base builds: their work folders, and the logs of failed builds.
    pub fn build(&self) -> PathBuf {
        self.root.join("build")
    }
}

/// Creates a folder and its parents, and returns it.
pub(crate) fn ensure_folder(dir: PathBuf) -> Result<PathBuf, Error> {
    fs::create_dir_all(&dir).with_path("create", &dir)?;
    Ok(dir)
}
