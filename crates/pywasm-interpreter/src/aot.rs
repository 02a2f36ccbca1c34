//! Asks for machine code of a module, for a named machine.

use std::collections::BTreeMap;

use crate::{EngineInfo, Machine, ToolError};

/// Compiles modules to machine code.
pub trait AotCompiler: Sync {
    /// Changes when [`Self::compile`] gives other code for a reason that neither the engine's
    /// version nor the settings show; part of cache keys.
    fn version(&self) -> u32;

    /// What makes the code, and can run it.
    fn engine(&self) -> EngineInfo;

    /// The compiler's settings for a machine, in words for the record.
    fn settings(&self, machine: &Machine) -> BTreeMap<String, String>;

    /// Compiles `module` for `machine`.
    ///
    /// # Errors
    /// When the compiler refuses the module.
    fn compile(&self, module: &[u8], machine: &Machine) -> Result<Vec<u8>, ToolError>;
}
