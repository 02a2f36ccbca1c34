//! Says what a build may do to this machine: where its base comes from, what installs
//! dependencies, where results are kept and whether other machines share them.

use std::{env, path::PathBuf};

use pywasm_base::Base;
use pywasm_deps::Installer;
use pywasm_report::parse_size;

use crate::Error;

/// Where the base comes from, unless the project or its options name one.
#[derive(Clone, Debug)]
pub enum BasePolicy {
    /// This one, whatever the project names.
    Given(Box<Base>),
    /// The best one in the home folder; without one, the build is refused.
    Here,
    /// The best one in the home folder; without one, the default base is built there, which takes
    /// some minutes and needs the compilers that [`Builder::with_host`](crate::Builder::with_host) names.
    Build,
}

/// How dependencies are installed.
#[derive(Clone, Debug, Default)]
pub struct InstallPolicy {
    /// The program to install with; else uv where it is on the PATH, else pip.
    pub installer: Option<Installer>,
    /// Whether everything has to be pinned by a lock file, with digests.
    pub locked: bool,
    /// Whether what no lock file pins is resolved again.
    pub upgrade: bool,
    /// Whether nothing is installed, whatever the project says.
    pub none: bool,
}

/// Where results are kept, and how many.
#[derive(Clone, Debug)]
pub struct CachePolicy {
    /// The folder.
    pub folder: CacheFolder,
    /// How many bytes the results in the home folder may have; what was not used for the longest time goes.
    pub limit: u64,
    /// A cache that other machines share; none, unless it is given.
    pub shared: Option<SharedCachePolicy>,
}

impl CachePolicy {
    /// The limit that PYWASM_CACHE_SIZE names, or the default.
    ///
    /// # Errors
    /// When it is not a size.
    pub fn limit_from_env() -> Result<u64, Error> {
        let text = env::var(SIZE).unwrap_or_default();
        match text.is_empty() {
            true => Ok(Self::default().limit),
            false => parse_size(&text).map_err(Error::CacheSize),
        }
    }
}

impl Default for CachePolicy {
    fn default() -> Self {
        Self {
            folder: CacheFolder::default(),
            limit: 10_000_000_000,
            shared: None,
        }
    }
}

/// A folder for results that can be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CacheFolder {
    /// The cache of the home folder.
    #[default]
    Home,
    /// `.pywasm/cache` in the project's folder; nothing is written to the home folder then, and the
    /// installer keeps its files there, too.
    Project,
    /// The same as [`CacheFolder::Project`], in this folder; for projects that share a cache.
    At(PathBuf),
}

/// The shared cache: what takes the place of the project's own settings. The default leaves all to
/// the project.
#[derive(Clone, Debug, Default)]
pub struct SharedCachePolicy {
    /// Where it is, in place of the project's `url`; empty: nowhere.
    pub url: Option<String>,
    /// Whether it is only read, in place of the project's `read-only`.
    pub read_only: Option<bool>,
    /// The token for the server of `url`. It is never sent to a server that a project names.
    pub token: Option<String>,
}

impl SharedCachePolicy {
    /// What PYWASM_CACHE_URL, PYWASM_CACHE_READ_ONLY and PYWASM_CACHE_TOKEN say.
    #[must_use]
    pub fn from_env() -> Self {
        Self {
            url: env::var(URL).ok(),
            read_only: env::var("PYWASM_CACHE_READ_ONLY").ok().map(|word| is_true(&word)),
            token: env::var("PYWASM_CACHE_TOKEN").ok(),
        }
    }
}

/// The variable that limits the caches in the home folder.
const SIZE: &str = "PYWASM_CACHE_SIZE";

/// The variable that names the shared cache.
pub(crate) const URL: &str = "PYWASM_CACHE_URL";

/// Whether a word of an environment variable means yes.
pub(crate) fn is_true(word: &str) -> bool {
    !matches!(
        word.to_ascii_lowercase().as_str(),
        "" | "0" | "n" | "no" | "f" | "false" | "off"
    )
}
