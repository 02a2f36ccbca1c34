//! Holds what all builds of one program have in common: the home folder, the policies, the engine
//! and the bases that were found.

use std::{
    collections::BTreeMap,
    env,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use pywasm_base::{Base, Home, Host};
use pywasm_deps::Installer;
use pywasm_engine::Engine;
use pywasm_host::Working;
use pywasm_project::Project;

use crate::{
    BasePolicy, CacheFolder, CachePolicy, EmbeddedBase, Error, InstallPolicy, Progress, Quiet,
    SharedCachePolicy, policy, shared_cache,
};

/// The folder of a cache for results of stages.
pub(crate) const STAGES: &str = "stages";

/// The folder of a cache for machine code.
const MACHINE_CODE: &str = "machine-code";

/// A base's selector and a version of Python, as a project names them.
type BaseRequest = (Option<String>, Option<String>);

/// What copies of a builder share.
#[derive(Default)]
pub(crate) struct Common {
    engine: Mutex<Option<Arc<Engine>>>,
    working: Mutex<BTreeMap<PathBuf, Working>>,
    pub(crate) bases: Mutex<BTreeMap<BaseRequest, Base>>,
}

/// Prepares and builds projects.
#[derive(Clone)]
pub struct Builder<'p> {
    pub(crate) home: Home,
    pub(crate) offline: bool,
    pub(crate) host: Host,
    pub(crate) base: BasePolicy,
    pub(crate) embedded: Option<EmbeddedBase>,
    pub(crate) install: InstallPolicy,
    pub(crate) cache: CachePolicy,
    pub(crate) progress: &'p dyn Progress,
    pub(crate) common: Arc<Common>,
}

impl Builder<'static> {
    /// A builder with the defaults: a base that is in the home folder, no compilers, no shared
    /// cache, no news of the work.
    #[must_use]
    pub fn new(home: Home) -> Self {
        Self {
            home,
            offline: false,
            host: Host::default(),
            base: BasePolicy::Here,
            embedded: None,
            install: InstallPolicy::default(),
            cache: CachePolicy::default(),
            progress: &Quiet,
            common: Arc::default(),
        }
    }

    /// As the command `pywasm` is set up by environment variables: PYWASM_HOME, PYWASM_OFFLINE,
    /// PYWASM_INSTALLER, PYWASM_CACHE_SIZE, PYWASM_CACHE_URL, PYWASM_CACHE_READ_ONLY and PYWASM_CACHE_TOKEN, and what
    /// a base is built with. Without a base, one is built.
    ///
    /// # Errors
    /// When there is no home folder, or PYWASM_CACHE_SIZE is not a size.
    pub fn from_env() -> Result<Self, Error> {
        let flag = |name| env::var(name).ok().map(|word| policy::is_true(&word));
        let mut builder = Self::new(Home::discover(None)?)
            .with_host(Host::from_env())
            .with_base(BasePolicy::Build)
            .with_offline(flag("PYWASM_OFFLINE").unwrap_or(false));
        builder.install.installer = match env::var("PYWASM_INSTALLER").as_deref() {
            Ok("uv") => Some(Installer::Uv),
            Ok("pip") => Some(Installer::Pip),
            _ => None,
        };
        builder.cache.limit = CachePolicy::limit_from_env()?;
        builder.cache.shared = Some(SharedCachePolicy::from_env());
        Ok(builder)
    }
}

impl<'p> Builder<'p> {
    /// Where the compilers are that build a base or a C module; without this there are none.
    #[must_use]
    pub fn with_host(self, host: Host) -> Self {
        Self { host, ..self }
    }

    /// Where the base comes from.
    #[must_use]
    pub fn with_base(self, base: BasePolicy) -> Self {
        Self { base, ..self }
    }

    /// A base that the calling program carries; it is unpacked into the home folder when no
    /// current one is there.
    #[must_use]
    pub fn with_embedded_base(self, embedded: Option<EmbeddedBase>) -> Self {
        Self { embedded, ..self }
    }

    /// How dependencies are installed.
    #[must_use]
    pub fn with_install(self, install: InstallPolicy) -> Self {
        Self { install, ..self }
    }

    /// Where results are kept. The engine is opened again, since it keeps machine code.
    #[must_use]
    pub fn with_cache(self, cache: CachePolicy) -> Self {
        Self {
            cache,
            common: Arc::default(),
            ..self
        }
    }

    /// Whether the network is left alone.
    #[must_use]
    pub fn with_offline(self, offline: bool) -> Self {
        Self { offline, ..self }
    }

    /// The same builder, with the same engine and bases, which tells another about the work.
    #[must_use]
    pub fn with_progress<'q>(self, progress: &'q dyn Progress) -> Builder<'q> {
        Builder {
            home: self.home,
            offline: self.offline,
            host: self.host,
            base: self.base,
            embedded: self.embedded,
            install: self.install,
            cache: self.cache,
            progress,
            common: self.common,
        }
    }

    /// The folder for bases and caches.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Where what can be made again is kept for a project.
    #[must_use]
    pub fn cache_folder(&self, project: &Project) -> PathBuf {
        match &self.cache.folder {
            CacheFolder::Home => self.home.cache(),
            CacheFolder::Project => shared_cache::project_cache_folder(&project.root),
            CacheFolder::At(folder) => folder.clone(),
        }
    }

    /// Shows that this process works on the project's cache, until the builder and its copies are gone.
    pub(crate) fn show_work(&self, project: &Project) {
        let folder = self.cache_folder(project);
        let mut working = self.common.working.lock().unwrap_or_else(PoisonError::into_inner);
        working
            .entry(folder)
            .or_insert_with_key(|folder| Working::begin(folder));
    }

    /// Removes what nobody has used for long from the caches in the home folder, where they are too large.
    pub(crate) fn prune_caches(&self) {
        if self.cache.folder == CacheFolder::Home {
            let folders = [STAGES, MACHINE_CODE];
            let _only_needs_space = pywasm_cache::prune(&self.home.cache(), &folders, self.cache.limit);
        }
    }

    /// wasmtime, with machine code kept in the home folder: never in a project's, since what
    /// stands there is run, and may have come with a clone.
    ///
    /// # Errors
    /// When wasmtime cannot work on this host.
    pub fn engine(&self) -> Result<Arc<Engine>, Error> {
        let mut slot = self.common.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &*slot {
            return Ok(engine.clone());
        }
        let engine = Engine::new(Some(self.home.cache().join(MACHINE_CODE)))?;
        let engine = Arc::new(match self.cache.folder {
            CacheFolder::Home => engine,
            CacheFolder::Project | CacheFolder::At(_) => engine.read_only(),
        });
        *slot = Some(engine.clone());
        Ok(engine)
    }
}
