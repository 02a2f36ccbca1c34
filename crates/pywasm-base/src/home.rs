//! Where pywasm keeps what outlives a build. In: an explicit folder, `PYWASM_HOME` or the
//! platform's cache folder. Out: the paths of the sub-folders. Nothing is created until needed.

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
    /// Finds the home folder: `explicit`, else `PYWASM_HOME` where it is set and not empty,
    /// else `pywasm` in the platform's cache folder.
    pub fn discover(explicit: Option<&Path>) -> Result<Self, Error> {
        if let Some(path) = explicit {
            return Self::at(path);
        }
        if let Some(path) = env::var_os(HOME_VARIABLE).filter(|value| !value.is_empty()) {
            return Self::at(path.as_ref());
        }
        let strategy = etcetera::base_strategy::choose_native_strategy().map_err(|_| Error::NoHome)?;
        Self::at(&strategy.cache_dir().join("pywasm"))
    }

    /// The home folder at `path`.
    pub fn at(path: &Path) -> Result<Self, Error> {
        let root = std::path::absolute(path).at("find", path)?;
        Ok(Self { root })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Installed bases, one folder each, named by id.
    pub fn bases(&self) -> PathBuf {
        self.root.join("bases")
    }

    /// What can be made again at any time: stage results, compiled bytecode.
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// Source archives, each checked against its SHA-256 whenever it is used.
    pub fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    /// Work folders of base builds, and the logs of those that failed.
    pub fn build(&self) -> PathBuf {
        self.root.join("build")
    }
}

/// Creates a folder and its parents, and returns it.
pub(crate) fn ensure(dir: PathBuf) -> Result<PathBuf, Error> {
    fs::create_dir_all(&dir).at("create", &dir)?;
    Ok(dir)
}
