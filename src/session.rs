//! Sets up what the commands share: the terminal, the home folder, the store of bases, and the
//! builder of the crate `pywasm`.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use pywasm::{
    BasePolicy, Builder, CacheFolder, CachePolicy, EmbeddedBase, Error, InstallPolicy, SharedCachePolicy,
};
use pywasm_base::{Home, Host, Store};
use pywasm_engine::Engine;

use crate::{cli::Global, failure::CommandError, terminal::Terminal};

/// The global options, resolved.
pub(crate) struct Session {
    pub(crate) terminal: Terminal,
    pub(crate) home: Home,
    pub(crate) offline: bool,
    pub(crate) cache_limit: u64,
    /// The project's own folder for caches, where nothing may be written outside of it.
    pub(crate) frozen: OnceLock<PathBuf>,
}

impl Session {
    pub(crate) fn new(global: &Global) -> anyhow::Result<Self> {
        Ok(Self {
            terminal: Terminal::new(global),
            home: Home::discover(global.home.as_deref())?,
            offline: global.offline,
            cache_limit: CachePolicy::limit_from_env().map_err(explained)?,
            frozen: OnceLock::new(),
        })
    }

    /// From now on caches are kept in the project's `.pywasm`, no base is built, what is not
    /// locked is refused, and the terminal gets plain lines.
    pub(crate) fn freeze(&self, project: &Path) {
        self.frozen.get_or_init(|| pywasm::project_cache_folder(project));
        self.terminal.freeze();
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.get().is_some()
    }

    pub(crate) fn store(&self) -> Store {
        Store::new(&self.home)
    }

    /// What was pulled from registries.
    pub(crate) fn pulled(&self) -> pywasm_registry::Store {
        pywasm_registry::Store::new(self.home.cache().join("registry"))
    }

    /// What prepares and builds projects, set up by the global options and the environment.
    pub(crate) fn builder(&self, install: InstallPolicy) -> Builder<'_> {
        let folder = match self.frozen.get() {
            Some(folder) => CacheFolder::At(folder.clone()),
            None => CacheFolder::Home,
        };
        let embedded = pywasm_embedded::BASE.map(|base| EmbeddedBase {
            id: base.id,
            archive: base.archive,
        });
        Builder::new(self.home.clone())
            .with_offline(self.offline)
            .with_host(Host::from_env())
            .with_base(match self.is_frozen() {
                true => BasePolicy::Here,
                false => BasePolicy::Build,
            })
            .with_embedded_base(embedded)
            .with_install(InstallPolicy {
                locked: install.locked || self.is_frozen(),
                ..install
            })
            .with_cache(CachePolicy {
                folder,
                limit: self.cache_limit,
                shared: Some(SharedCachePolicy::from_env()),
            })
            .with_progress(&self.terminal)
    }

    /// wasmtime, as builds use it.
    pub(crate) fn engine(&self) -> anyhow::Result<Arc<Engine>> {
        Ok(self.builder(InstallPolicy::default()).engine()?)
    }
}

/// Says of an error what only the command knows: which option forbids to build a base.
pub(crate) fn explained(error: Error) -> anyhow::Error {
    match error {
        Error::NoBase { python, folder } => {
            let version = python.map_or_else(String::new, |python| format!(" for Python {python}"));
            CommandError::usage(format!(
                "`--frozen`: there is no base{version} in {}, and none is built",
                folder.display()
            ))
            .with_hint(
                "before, run `pywasm base add FILE` with a base that `pywasm base pack` wrote, or `pywasm base build`; \
                 keep that folder in the cache of the CI",
            )
            .into()
        }
        error => error.into(),
    }
}
