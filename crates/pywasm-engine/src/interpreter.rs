//! Implements the interpreter of a build with wasmtime.

use std::{path::Path, sync::Arc};

use pywasm_interpreter::{
    Command, Exit, Image, Interpreter, InterpreterError, Preset, Rehearsal, Snapshot, ToolError,
};

use crate::{
    Engine, Error,
    compile::{COMPILE_VERSION, compile},
    snapshot,
};

impl Interpreter for Engine {
    fn compile_version(&self) -> u32 {
        COMPILE_VERSION
    }

    fn compile(
        &self,
        base: &[u8],
        stdlib: &Path,
        batches: Vec<Vec<u8>>,
    ) -> Result<Vec<Vec<u8>>, InterpreterError> {
        Ok(compile(self, base, stdlib, batches)?)
    }

    fn snapshot(
        &self,
        twin: &[u8],
        image: Image<'_>,
        rehearsal: Option<Arc<dyn Rehearsal>>,
    ) -> Result<Snapshot, InterpreterError> {
        Ok(snapshot(self, &self.load(twin)?, Some(image), rehearsal)?)
    }

    fn run(&self, module: &[u8], command: &Command, preset: Preset<'_>) -> Result<Exit, InterpreterError> {
        Ok(self.load(module)?.run_unlinked(self, command, preset)?)
    }
}

impl From<Error> for InterpreterError {
    fn from(error: Error) -> Self {
        match error {
            Error::Trap(trap) => Self::Trap(format!("{trap:#}")),
            error => ToolError::new(error).into(),
        }
    }
}
