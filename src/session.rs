//! What the commands share: the terminal, the home folder, the store of bases, the engine.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use pywasm_base::{Base, BuildOptions, Home, Host, Store};
use pywasm_engine::Engine;

use crate::{cli::Global, exit::Usage, interrupt::Guarded, terminal::Terminal};

/// The global options, resolved.
pub(crate) struct Session {
    pub(crate) terminal: Terminal,
    pub(crate) home: Home,
    pub(crate) offline: bool,
    /// The project's own folder for caches, where nothing may be written outside of it.
    pub(crate) frozen: OnceLock<PathBuf>,
}

impl Session {
    pub(crate) fn new(global: &Global) -> anyhow::Result<Self> {
        Ok(Self {
            terminal: Terminal::new(global),
            home: Home::discover(global.home.as_deref())?,
            offline: global.offline,
            frozen: OnceLock::new(),
        })
    }

    /// From now on caches are kept in the project's `.pywasm`, no base is built, what is not
    /// locked is refused, and the terminal gets plain lines.
    pub(crate) fn freeze(&self, project: &Path) {
        let folder = project.join(".pywasm");
        let ignored = folder.join(".gitignore");
        if !ignored.exists() {
            // Where it cannot be written, the first that needs the folder says so.
            let _no_cache = fs::create_dir_all(&folder).and_then(|()| fs::write(&ignored, "*\n"));
        }
        self.frozen.get_or_init(|| folder.join("cache"));
        self.terminal.freeze();
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.get().is_some()
    }

    /// Where what can be made again is kept.
    pub(crate) fn cache(&self) -> PathBuf {
        self.frozen.get().cloned().unwrap_or_else(|| self.home.cache())
    }

    pub(crate) fn store(&self) -> Store {
        Store::new(&self.home)
    }

    /// What was pulled from registries.
    pub(crate) fn pulled(&self) -> pywasm_registry::Store {
        pywasm_registry::Store::new(self.home.cache().join("registry"))
    }

    /// wasmtime, with machine code kept in the home folder: never in a project's, since what
    /// stands there is run, and may have come with a clone.
    pub(crate) fn engine(&self) -> anyhow::Result<Engine> {
        let engine = Engine::new(Some(self.home.cache().join("machine-code")))?;
        Ok(if self.is_frozen() {
            engine.read_only()
        } else {
            engine
        })
    }

    /// The best base for `python` that is here without building one: in the home folder, or in
    /// this program, which then unpacks it into the home folder.
    pub(crate) fn available(&self, python: Option<&str>) -> anyhow::Result<Option<Base>> {
        let here = pywasm_base::available(&self.home, python)?;
        let Some(embedded) = pywasm_embedded::BASE else {
            return Ok(here);
        };
        if here.as_ref().is_some_and(Base::is_current) || self.store().find(embedded.id).is_ok() {
            return Ok(here);
        }
        let _guarded = Guarded::new();
        let _progress = self.terminal.spinner("unpacking the base");
        pywasm_base::add_embedded(&self.home, embedded.id, embedded.archive, &self.terminal)?;
        Ok(pywasm_base::available(&self.home, python)?)
    }

    /// The base that `selector` names, or the best one for the Python version `python`;
    /// where there is none, the default one is built.
    pub(crate) fn base(&self, selector: Option<&str>, python: Option<&str>) -> anyhow::Result<Base> {
        if let Some(selector) = selector {
            let base = self.store().find(selector)?;
            base.check_abi()?;
            return Ok(base);
        }
        if let Some(base) = self.available(python)? {
            if !base.is_current() {
                self.terminal.note(&format!(
                    "the base {} was made by another recipe than this pywasm's; `pywasm base build` makes a new one",
                    base.id()
                ));
            }
            return Ok(base);
        }
        if self.is_frozen() {
            let version = python.map_or_else(String::new, |python| format!(" for Python {python}"));
            return Err(Usage::mark(anyhow::anyhow!(
                "`--frozen`: there is no base{version} in {}, and none is built\nhint: before, run `pywasm base add FILE` with a base that `pywasm base pack` wrote, or `pywasm base build`; keep that folder in the cache of the CI",
                self.home.bases().display()
            )));
        }
        self.terminal.note(&format!(
            "there is no base yet; building one (once, some minutes) into {}",
            self.home.bases().display()
        ));
        let options = BuildOptions {
            python: python.map(str::to_owned),
            offline: self.offline,
            host: Host::from_env(),
            ..BuildOptions::default()
        };
        let _guarded = Guarded::new();
        let _progress = self.terminal.spinner("preparing");
        let base = pywasm_base::provision(&self.home, &options, &self.terminal)?.base;
        self.terminal.note(&format!("the base {} is ready", base.id()));
        Ok(base)
    }
}
