//! Compiles modules and components ahead of time to machine code for other machines, and loads files of
//! machine code whose record matches.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use pywasm_digest::Digest;
use pywasm_interpreter::{AotCompiler, EngineInfo, Machine, MachineCodeRecord, ToolError};
use target_lexicon::Triple;
use wasmtime::{Module, Precompiled, component::Component};

use crate::{ComponentProgram, Engine, Error, Loaded, Program, bench::BinaryKind, settings};

/// The name of the engine.
pub const ENGINE: &str = "wasmtime";

/// The engine's version.
pub const ENGINE_VERSION: &str = wasmtime_environ::VERSION;

/// The largest record, in bytes.
const RECORD_LIMIT: u64 = 1 << 20;

/// Changes when the same settings give other machine code; see [`AotCompiler::version`].
const PRECOMPILE_VERSION: u32 = 1;

/// Decides whether a file of machine code needs a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// A file is loaded only if its record matches.
    #[default]
    Record,
    /// A file without a record is loaded without a check, and its content runs with the rights of this
    /// process. If the file has a record, the record must match.
    Blind,
}

/// Compiles `wasm`, a module or a component, for `machine`.
///
/// # Errors
/// When `wasm` is invalid.
pub fn precompile(wasm: &[u8], machine: &Machine) -> Result<Vec<u8>, Error> {
    let mut config = settings::configure_ahead_of_time(machine.triple());
    config.target(machine.target()).map_err(Error::Compile)?;
    for feature in machine.features() {
        // SAFETY: the features only select instructions, and `Engine::open` refuses code for a CPU with
        // other features.
        unsafe { config.cranelift_flag_enable(&format!("has_{feature}")) };
    }
    wasmtime::Engine::new(&config)
        .and_then(|engine| match BinaryKind::detect(wasm) {
            Some(BinaryKind::Component) => engine.precompile_component(wasm),
            _ => engine.precompile_module(wasm),
        })
        .map_err(Error::Compile)
}

impl AotCompiler for Engine {
    fn version(&self) -> u32 {
        PRECOMPILE_VERSION
    }

    fn engine(&self) -> EngineInfo {
        engine_info()
    }

    fn settings(&self, machine: &Machine) -> BTreeMap<String, String> {
        settings::describe(machine.triple())
    }

    fn compile(&self, module: &[u8], machine: &Machine) -> Result<Vec<u8>, ToolError> {
        precompile(module, machine).map_err(ToolError::new)
    }
}

fn engine_info() -> EngineInfo {
    EngineInfo {
        name: ENGINE.to_owned(),
        version: ENGINE_VERSION.to_owned(),
    }
}

/// Returns the path of the record of a file of machine code.
#[must_use]
pub fn record_path(code: &Path) -> PathBuf {
    let mut name = code.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

impl Engine {
    /// Loads machine code that [`precompile`] made. Its record must match the engine, this machine, the
    /// file and, if the module is in the same folder, the module.
    ///
    /// # Errors
    /// When a file cannot be read, the record does not match, or a record is needed and missing.
    pub fn open(&self, path: &Path, trust: Trust) -> Result<Loaded, Error> {
        // The file is opened once, so that the verified bytes are the loaded ones even if it is replaced.
        let mut file = File::open(path).map_err(|cause| Error::read(path, cause))?;
        let record = record_path(path);
        match read_limited(&record) {
            Ok(text) => {
                let code = Digest::from_reader(&mut file).map_err(|cause| Error::read(path, cause))?;
                verify_record(path, &record, &text, code)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if trust == Trust::Record {
                    return Err(Error::NoRecord { record });
                }
            }
            Err(cause) => return Err(Error::read(&record, cause)),
        }
        if let Ok(Some(Precompiled::Component)) = wasmtime::Engine::detect_precompiled_file(path) {
            // wasmtime has no function that loads a component from an open file.
            let mut code = Vec::new();
            file.rewind()
                .and_then(|()| file.read_to_end(&mut code))
                .map_err(|cause| Error::read(path, cause))?;
            // SAFETY: as below.
            let component = unsafe { Component::deserialize(&self.inner, code) };
            let component = component.map_err(Error::Code)?;
            return Ok(Loaded::Component(ComponentProgram { component }));
        }
        // SAFETY: the record confirms that this version of wasmtime made these bytes for this machine, or
        // the caller trusts the file like a program.
        let module = unsafe { Module::deserialize_open_file(&self.inner, file) };
        let module = module.map_err(Error::Code)?;
        Ok(Loaded::Module(Program { module }))
    }
}

fn verify_record(path: &Path, record_path: &Path, text: &[u8], code: Digest) -> Result<(), Error> {
    let record = MachineCodeRecord::from_json(text).map_err(|cause| Error::Record {
        record: record_path.to_owned(),
        cause,
    })?;
    let module = path.with_file_name(&record.source.file);
    let source = match File::open(&module) {
        Ok(mut file) => Some(Digest::from_reader(&mut file).map_err(|cause| Error::read(&module, cause))?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(cause) => return Err(Error::read(&module, cause)),
    };
    let wrong = record.mismatches(&engine_info(), &settings::describe(&Triple::host()), code, source);
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Error::Mismatch { wrong })
    }
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(RECORD_LIMIT).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::ENGINE_VERSION;

    #[test]
    fn the_version_matches_the_lock_file() {
        let lock = include_str!("../../../Cargo.lock");
        let entry = format!("name = \"wasmtime\"\nversion = \"{ENGINE_VERSION}\"\n");
        assert!(
            lock.contains(&entry),
            "Cargo.lock has another wasmtime than {ENGINE_VERSION}"
        );
    }
}
