//! Compiles modules to runnable programs, and keeps their machine code in a cache folder.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use pywasm_cache::{mark_used, write_cached};
use pywasm_digest::Digest;
use target_lexicon::Triple;
use wasmtime::Module;

use crate::{Error, settings};

/// A configured wasmtime with a cache folder for machine code.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: wasmtime::Engine,
    cache: Option<PathBuf>,
    writes: bool,
}

/// A module that is compiled for this host.
#[derive(Clone)]
pub struct Program {
    pub(crate) module: Module,
}

impl Engine {
    /// Makes an engine that keeps compiled modules in `cache`, if there is one.
    ///
    /// Only the user may have access to the folder, since its files are loaded as machine code.
    ///
    /// # Errors
    /// When wasmtime cannot work on this host.
    pub fn new(cache: Option<PathBuf>) -> Result<Self, Error> {
        let config = settings::configure(&Triple::host());
        let inner = wasmtime::Engine::new(&config).map_err(Error::Compile)?;
        Ok(Self {
            inner,
            cache,
            writes: true,
        })
    }

    /// Makes the engine read its cache without adding to it.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self {
            writes: false,
            ..self
        }
    }

    /// Compiles `wasm`, or finds the same module's machine code in the cache.
    ///
    /// # Errors
    /// When the module is invalid. A cache that cannot be read or written only costs time.
    pub fn load(&self, wasm: &[u8]) -> Result<Program, Error> {
        let Some(cache) = &self.cache else {
            return self.compile_module(wasm);
        };
        let name = self.file_name(wasm);
        // The compiler uses all processors, so a second one for the same module would only compete.
        pywasm_cache::run_alone(&name, || self.load_from(&cache.join(&name), wasm))
    }

    fn load_from(&self, path: &Path, wasm: &[u8]) -> Result<Program, Error> {
        if path.is_file() {
            // SAFETY: the file was written by `write_cached` into the user's own cache folder;
            // wasmtime checks that it was made by this version with these settings.
            if let Ok(module) = unsafe { Module::deserialize_file(&self.inner, path) } {
                if self.writes {
                    mark_used(path);
                }
                return Ok(Program { module });
            }
        }
        let program = self.compile_module(wasm)?;
        if self.writes
            && let Ok(code) = program.module.serialize()
        {
            let _only_costs_time = write_cached(path, &[&code]);
        }
        Ok(program)
    }

    fn compile_module(&self, wasm: &[u8]) -> Result<Program, Error> {
        let module = Module::from_binary(&self.inner, wasm).map_err(Error::Compile)?;
        Ok(Program { module })
    }

    /// Names the cached file by the module's digest, and a hash of wasmtime's version, the settings and
    /// the CPU's features.
    fn file_name(&self, wasm: &[u8]) -> String {
        let mut compatibility = DefaultHasher::new();
        self.inner
            .precompile_compatibility_hash()
            .hash(&mut compatibility);
        settings::describe(&Triple::host()).hash(&mut compatibility);
        format!("{}-{:016x}.cwasm", Digest::compute(wasm), compatibility.finish())
    }
}
