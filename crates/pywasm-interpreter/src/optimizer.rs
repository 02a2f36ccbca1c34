//! Asks for a smaller or faster module with the same behavior.

use crate::ToolError;

/// How much, and for what, a module is optimized. The names are those of `wasm-opt`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Not at all.
    None,
    /// For speed, without the costly passes.
    O2,
    /// For speed.
    O3,
    /// For speed, with passes that take much memory and time.
    O4,
    /// For size, without losing much speed.
    Os,
    /// For size before all else.
    #[default]
    Oz,
    /// Only what is left to do where a module was optimized before it was shaken: what is unused now goes,
    /// and what has one user now becomes part of it.
    Trim,
}

/// Makes modules smaller or faster.
pub trait Optimizer: Sync {
    /// Changes when [`Self::optimize`] gives other bytes for the same input; part of cache keys.
    fn version(&self) -> u32;

    /// Optimizes `module` at `level` and keeps the function names. `features` are names of the
    /// module's `target_features` section, with or without their `+` prefix.
    ///
    /// # Errors
    /// When a feature is unknown, or the optimizer refuses the module.
    fn optimize(&self, module: &[u8], level: Level, features: &[String]) -> Result<Vec<u8>, ToolError>;
}
