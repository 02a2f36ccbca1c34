//! What the commands share: the terminal, the home folder, the store of bases, the engine.

use pywasm_base::{Base, BuildOptions, Home, Host, Store};
use pywasm_engine::Engine;

use crate::{cli::Global, interrupt::Guarded, terminal::Terminal};

/// The global options, resolved.
pub(crate) struct Session {
    pub(crate) terminal: Terminal,
    pub(crate) home: Home,
    pub(crate) offline: bool,
}

impl Session {
    pub(crate) fn new(global: &Global) -> anyhow::Result<Self> {
        Ok(Self {
            terminal: Terminal::new(global),
            home: Home::discover(global.home.as_deref())?,
            offline: global.offline,
        })
    }

    pub(crate) fn store(&self) -> Store {
        Store::new(&self.home)
    }

    /// wasmtime, with machine code kept in the home folder.
    pub(crate) fn engine(&self) -> anyhow::Result<Engine> {
        Ok(Engine::new(Some(self.home.cache().join("machine-code")))?)
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
