//! Finds the base of a project: the one that is given or named, the best one in the home folder,
//! one that this program carries, or a new one.

use std::{
    any::Any,
    sync::{
        PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use pywasm_base::{Base, BuildOptions, Store};
use pywasm_interpreter::{Level, Optimizer as _};
use pywasm_object::{target_features, without_link};
use pywasm_optimize::Binaryen;
use pywasm_project::Project;

use crate::{BasePolicy, Builder, Error, Progress};

/// A base that the calling program carries inside.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedBase {
    /// The base's id.
    pub id: &'static str,
    /// Its files, as `pywasm base pack` writes them.
    pub archive: &'static [u8],
}

impl Builder<'_> {
    /// The best base for `python` that is here without building one: in the home folder, or in
    /// the program, which is then unpacked into the home folder.
    ///
    /// # Errors
    /// When the home folder cannot be read or written.
    pub fn find_base(&self, python: Option<&str>) -> Result<Option<Base>, Error> {
        let here = pywasm_base::find_base(&self.home, python)?;
        let Some(embedded) = self.embedded else {
            return Ok(here);
        };
        let is_there = || Store::new(&self.home).find(embedded.id).is_ok();
        if here.as_ref().is_some_and(Base::is_current) || is_there() {
            return Ok(here);
        }
        let _guard = self.progress.guard();
        self.progress.step("unpacking the base");
        pywasm_base::add_embedded(&self.home, embedded.id, embedded.archive, self.progress)?;
        Ok(pywasm_base::find_base(&self.home, python)?)
    }

    /// The base of a project, as the policy says. One that has to be built is built once, while
    /// other builds with this builder wait for it.
    ///
    /// # Errors
    /// When there is no such base, or none can be built.
    pub fn base(&self, project: &Project) -> Result<Base, Error> {
        if let BasePolicy::Given(base) = &self.base {
            base.check_abi()?;
            return Ok((**base).clone());
        }
        let mut bases = self.common.bases.lock().unwrap_or_else(PoisonError::into_inner);
        let request = (project.base.clone(), project.python.clone());
        if let Some(base) = bases.get(&request) {
            return Ok(base.clone());
        }
        let base = self.obtain(request.0.as_deref(), request.1.as_deref())?;
        bases.insert(request, base.clone());
        Ok(base)
    }

    fn obtain(&self, selector: Option<&str>, python: Option<&str>) -> Result<Base, Error> {
        if let Some(selector) = selector {
            let base = Store::new(&self.home).find(selector)?;
            base.check_abi()?;
            return Ok(base);
        }
        if let Some(base) = self.find_base(python)? {
            if !base.is_current() {
                self.progress.note(&format!(
                    "the base {} was made by another recipe than this pywasm's; `pywasm base build` makes a new one",
                    base.id()
                ));
            }
            return Ok(base);
        }
        match &self.base {
            BasePolicy::Build => self.build_base(python),
            _ => Err(Error::NoBase {
                python: python.map(str::to_owned),
                folder: self.home.bases(),
            }),
        }
    }

    fn build_base(&self, python: Option<&str>) -> Result<Base, Error> {
        let options = BuildOptions {
            python: python.map(str::to_owned),
            offline: self.offline,
            host: self.host.clone(),
            optimize: Some(optimize_base),
            ..BuildOptions::default()
        };
        let announced = Announced {
            progress: self.progress,
            text: format!(
                "there is no base yet; building one (once, some minutes) into {}",
                self.home.bases().display()
            ),
            is_out: AtomicBool::new(false),
        };
        let _guard = self.progress.guard();
        let base = pywasm_base::provision(&self.home, &options, &announced)?.base;
        self.progress.note(&format!("the base {} is ready", base.id()));
        Ok(base)
    }
}

/// Makes the optimized form of a new base, which builds shake: then they need not optimize.
///
/// # Errors
/// When the module is not valid, or Binaryen refuses it.
pub fn optimize_base(module: &[u8]) -> Result<Vec<u8>, String> {
    let module = without_link(module).map_err(|error| error.to_string())?;
    let features = target_features(&module).map_err(|error| error.to_string())?;
    let optimized = Binaryen.optimize(&module, Level::Oz, &features);
    optimized.map_err(|error| error.to_string())
}

/// Announces a build when its first step begins, and not before a refusal.
struct Announced<'a> {
    progress: &'a dyn Progress,
    text: String,
    is_out: AtomicBool,
}

impl Progress for Announced<'_> {
    fn step(&self, text: &str) {
        if !self.is_out.swap(true, Ordering::Relaxed) {
            self.progress.note(&self.text);
        }
        self.progress.step(text);
    }

    fn bytes(&self, done: u64, total: Option<u64>) {
        self.progress.bytes(done, total);
    }

    fn note(&self, text: &str) {
        self.progress.note(text);
    }

    fn warning(&self, text: &str, hint: &str) {
        self.progress.warning(text, hint);
    }

    fn cancelled(&self) -> bool {
        self.progress.cancelled()
    }

    fn guard(&self) -> Box<dyn Any> {
        self.progress.guard()
    }
}
