//! Compiles modules to runnable programs, and keeps their machine code in a cache folder.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use pywasm_cache::{mark_used, write_cached};
use pywasm_digest::Digest;
use target_lexicon::Triple;
use wasmtime::{Module, component::Component};

use crate::{Error, bench::BinaryKind, component::ComponentProgram, settings};

/// A configured wasmtime with a cache folder for machine code.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: wasmtime::Engine,
    cache: Option<PathBuf>,
    writes: bool,
}

/// What is compiled: modules and components alike.
trait Code: Sized {
    fn compile(engine: &wasmtime::Engine, wasm: &[u8]) -> wasmtime::Result<Self>;
    /// # Safety
    /// The file is one that `bytes` gave.
    unsafe fn open(engine: &wasmtime::Engine, path: &Path) -> wasmtime::Result<Self>;
    fn bytes(&self) -> wasmtime::Result<Vec<u8>>;
}

/// Both types have the same functions, without a trait for them.
macro_rules! code {
    ($type:ty) => {
        impl Code for $type {
            fn compile(engine: &wasmtime::Engine, wasm: &[u8]) -> wasmtime::Result<Self> {
                Self::from_binary(engine, wasm)
            }

            unsafe fn open(engine: &wasmtime::Engine, path: &Path) -> wasmtime::Result<Self> {
                // SAFETY: the caller vouches for the file.
                unsafe { Self::deserialize_file(engine, path) }
            }

            fn bytes(&self) -> wasmtime::Result<Vec<u8>> {
                self.serialize()
            }
        }
    };
}
code!(Module);
code!(Component);

/// A module that is compiled for this host.
#[derive(Clone)]
pub struct Program {
    pub(crate) module: Module,
}

/// What a file holds, compiled for this host.
#[derive(Clone)]
pub enum Loaded {
    /// A core module.
    Module(Program),
    /// A component.
    Component(ComponentProgram),
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
        let module = self.load_code(wasm)?;
        Ok(Program { module })
    }

    /// Compiles a component, or finds its machine code in the cache.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_component(&self, wasm: &[u8]) -> Result<ComponentProgram, Error> {
        let component = self.load_code(wasm)?;
        Ok(ComponentProgram { component })
    }

    /// Compiles what `wasm` is, a module or a component, or finds its machine code in the cache.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_any(&self, wasm: &[u8]) -> Result<Loaded, Error> {
        match BinaryKind::detect(wasm) {
            Some(BinaryKind::Component) => self.load_component(wasm).map(Loaded::Component),
            _ => self.load(wasm).map(Loaded::Module),
        }
    }

    fn load_code<C: Code>(&self, wasm: &[u8]) -> Result<C, Error> {
        let Some(cache) = &self.cache else {
            return C::compile(&self.inner, wasm).map_err(Error::Compile);
        };
        let name = self.file_name(wasm);
        // The compiler uses all processors, so a second one for the same module would only compete.
        pywasm_cache::run_alone(&name, || self.load_from(&cache.join(&name), wasm))
    }

    fn load_from<C: Code>(&self, path: &Path, wasm: &[u8]) -> Result<C, Error> {
        if path.is_file() {
            // SAFETY: the file was written by `write_cached` into the user's own cache folder;
            // wasmtime checks that it was made by this version with these settings.
            if let Ok(code) = unsafe { C::open(&self.inner, path) } {
                if self.writes {
                    mark_used(path);
                }
                return Ok(code);
            }
        }
        let code = C::compile(&self.inner, wasm).map_err(Error::Compile)?;
        if self.writes
            && let Ok(bytes) = code.bytes()
        {
            let _only_costs_time = write_cached(path, &[&bytes]);
        }
        Ok(code)
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
