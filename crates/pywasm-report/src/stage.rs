//! Lists the stages of a build. This is the only place that names them.
//!
//! Every other list follows from this one: the rows and times of the report, the files that
//! `--keep-stages` writes and the next build removes, the keys of `[tool.pywasm.budget] stage`,
//! the progress display, and the messages of failed builds.

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
    /// Wraps the module into a component.
    Component,
    /// Compresses the finished module.
    Compress,
    /// Compiles the finished module to machine code, with one row for each target.
    Aot,
}

/// What a stage produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageOutput {
    /// The module graph.
    Graph,
    /// The interpreter: a module without a program.
    Interpreter,
    /// A module that contains the program.
    Module,
    /// Files that are written next to the module.
    Files,
    /// Nothing: the stage only checks.
    Nothing,
}

impl Stage {
    /// All stages, in the order in which they run.
    pub const ALL: [Self; 11] = [
        Self::Resolve,
        Self::Link,
        Self::Shake,
        Self::Optimize,
        Self::Bundle,
        Self::Preinit,
        Self::Smoke,
        Self::Strip,
        Self::Component,
        Self::Compress,
        Self::Aot,
    ];

    /// The stage's name in reports, messages and files.
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
            Self::Component => "component",
            Self::Compress => "compress",
            Self::Aot => "aot",
        }
    }

    /// What the stage produces.
    pub const fn output(self) -> StageOutput {
        match self {
            Self::Resolve => StageOutput::Graph,
            Self::Link | Self::Shake | Self::Optimize => StageOutput::Interpreter,
            Self::Bundle | Self::Preinit | Self::Strip | Self::Component => StageOutput::Module,
            Self::Compress | Self::Aot => StageOutput::Files,
            Self::Smoke => StageOutput::Nothing,
        }
    }

    /// Finds the stage with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Whether the stage produces a module, which `--keep-stages` keeps.
    pub const fn gives_module(self) -> bool {
        matches!(self.output(), StageOutput::Interpreter | StageOutput::Module)
    }

    /// Whether the report has exactly one row under the stage's own name, so that a budget can limit
    /// it. `aot` has a row for each target, and `smoke` has none.
    pub const fn has_one_row(self) -> bool {
        !matches!(self, Self::Aot) && !matches!(self.output(), StageOutput::Nothing)
    }

    /// Names the row for one target: `aot.x86_64-unknown-linux-gnu`.
    pub fn for_target(self, target: &str) -> String {
        format!("{}.{target}", self.name())
    }

    /// Names the file in `dist/` that keeps the stage's module.
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
        // The compiler demands a new arm here; `ALL` must then have a new entry too.
        let next = |stage| match stage {
            Stage::Resolve => Some(Stage::Link),
            Stage::Link => Some(Stage::Shake),
            Stage::Shake => Some(Stage::Optimize),
            Stage::Optimize => Some(Stage::Bundle),
            Stage::Bundle => Some(Stage::Preinit),
            Stage::Preinit => Some(Stage::Smoke),
            Stage::Smoke => Some(Stage::Strip),
            Stage::Strip => Some(Stage::Component),
            Stage::Component => Some(Stage::Compress),
            Stage::Compress => Some(Stage::Aot),
            Stage::Aot => None,
        };
        let mut chain = vec![Stage::Resolve];
        while let Some(stage) = chain.last().copied().and_then(next) {
            chain.push(stage);
        }
        assert_eq!(chain, Stage::ALL);
        for stage in Stage::ALL {
            assert_eq!(Stage::from_name(stage.name()), Some(stage));
        }
    }
}
