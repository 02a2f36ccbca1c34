//! Lists the stages of a build: the only place where they are named.
//!
//! Every other list follows from this one: rows and times of the report, the files that
//! `--keep-stages` writes and the next build removes, the keys of `[tool.pywasm.budget] stage`,
//! the progress display and the messages of failed builds.

use std::fmt;

/// A stage of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Follows imports from the entry.
    Resolve,
    /// Links C extensions into the base.
    Link,
    /// Removes what the program cannot reach from the interpreter.
    Shake,
    /// Runs Binaryen.
    Optimize,
    /// Compiles the modules and puts them into the module as an image.
    Bundle,
    /// Starts the interpreter and keeps its memory.
    Preinit,
    /// Imports the app's modules once.
    Smoke,
    /// Removes names and debug sections.
    Strip,
    /// Compresses the finished module.
    Compress,
    /// Compiles the finished module to machine code; its rows have a name for each target.
    Aot,
}

/// What a stage gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageOutput {
    /// The module graph.
    Graph,
    /// A module without a program: the interpreter.
    Interpreter,
    /// A module with the program in it.
    Module,
    /// Files that are written beside the module.
    Files,
    /// Nothing: it only checks.
    Nothing,
}

impl Stage {
    /// All stages, in the order in which they run.
    pub const ALL: [Self; 10] = [
        Self::Resolve,
        Self::Link,
        Self::Shake,
        Self::Optimize,
        Self::Bundle,
        Self::Preinit,
        Self::Smoke,
        Self::Strip,
        Self::Compress,
        Self::Aot,
    ];

    /// Its name, everywhere.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Link => "link",
            Self::Shake => "shake",
            Self::Optimize => "optimize",
            Self::Bundle => "bundle",
            Self::Preinit => "preinit",
            Self::Smoke => "smoke",
            Self::Strip => "strip",
            Self::Compress => "compress",
            Self::Aot => "aot",
        }
    }

    /// What it gives.
    pub const fn output(self) -> StageOutput {
        match self {
            Self::Resolve => StageOutput::Graph,
            Self::Link | Self::Shake | Self::Optimize => StageOutput::Interpreter,
            Self::Bundle | Self::Preinit | Self::Strip => StageOutput::Module,
            Self::Compress | Self::Aot => StageOutput::Files,
            Self::Smoke => StageOutput::Nothing,
        }
    }

    /// The stage of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Whether it gives a module, which `--keep-stages` keeps.
    pub const fn gives_module(self) -> bool {
        matches!(self.output(), StageOutput::Interpreter | StageOutput::Module)
    }

    /// Whether it has one row in a report, under its own name: what a budget can limit. `aot` has
    /// a row for each target, `smoke` has none.
    pub const fn has_one_row(self) -> bool {
        !matches!(self, Self::Aot) && !matches!(self.output(), StageOutput::Nothing)
    }

    /// The name of its rows for one target: `aot.x86_64-unknown-linux-gnu`.
    pub fn for_target(self, target: &str) -> String {
        format!("{}.{target}", self.name())
    }

    /// The name of the file that keeps its module in `dist/`.
    pub fn kept_file(self, project: &str) -> String {
        format!("{project}.{}.wasm", self.name())
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;

    #[test]
    fn no_stage_is_left_out() {
        // The compiler asks for a new arm here; the list must then be longer, too.
        let next = |stage| match stage {
            Stage::Resolve => Some(Stage::Link),
            Stage::Link => Some(Stage::Shake),
            Stage::Shake => Some(Stage::Optimize),
            Stage::Optimize => Some(Stage::Bundle),
            Stage::Bundle => Some(Stage::Preinit),
            Stage::Preinit => Some(Stage::Smoke),
            Stage::Smoke => Some(Stage::Strip),
            Stage::Strip => Some(Stage::Compress),
            Stage::Compress => Some(Stage::Aot),
            Stage::Aot => None,
        };
        let mut chain = vec![Stage::Resolve];
        while let Some(stage) = chain.last().copied().and_then(next) {
            chain.push(stage);
        }
        assert_eq!(chain, Stage::ALL);
        for stage in Stage::ALL {
            assert_eq!(Stage::named(stage.name()), Some(stage));
        }
    }
}
