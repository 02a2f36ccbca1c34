//! Asks three things of the interpreter in a base or an artifact: compile sources, start and give
//! the memory, run a program.

use std::{path::Path, sync::Arc};

use crate::{Command, Exit, Image, InterpreterError, Preset, Rehearsal, Snapshot};

/// Runs the interpreter.
pub trait Interpreter: Sync {
    /// Changes when [`Self::compile`] gives other bytecode for the same source; part of cache keys.
    fn compile_version(&self) -> u32;

    /// Compiles Python sources with the base's own interpreter. Requests and answers have the
    /// framing of `pywasm_bundle::bytecode`. Each batch has an interpreter of its own, and all
    /// run side by side; the answers have the order of the batches.
    ///
    /// `stdlib` is the base's library folder on the host; the guest sees it read-only.
    ///
    /// # Errors
    /// When an interpreter does not start or stops early. Faults of single sources are answers.
    fn compile(
        &self,
        base: &[u8],
        stdlib: &Path,
        batches: Vec<Vec<u8>>,
    ) -> Result<Vec<Vec<u8>>, InterpreterError>;

    /// Starts the interpreter in `twin` in a sealed world, with `image` behind its memory, and
    /// takes its memory. With a `rehearsal`, the program runs in it, up to the last step before it
    /// does what no snapshot may hold.
    ///
    /// # Errors
    /// When the start fails, or the module does not keep to the agreement on snapshots.
    fn snapshot(
        &self,
        twin: &[u8],
        image: Image<'_>,
        rehearsal: Option<Arc<dyn Rehearsal>>,
    ) -> Result<Snapshot, InterpreterError>;

    /// Runs a program to its end.
    ///
    /// # Errors
    /// When the module cannot be started, or when it traps. An exit code is an answer.
    fn run(&self, module: &[u8], command: &Command, preset: Preset<'_>) -> Result<Exit, InterpreterError>;
}
