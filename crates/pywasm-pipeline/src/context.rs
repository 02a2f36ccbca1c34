//! Holds what all stages of a build work with.

use pywasm_base::{Base, Host};
use pywasm_cache::Cache;
use pywasm_host::Progress;
use pywasm_interpreter::{AotCompiler, Interpreter, Optimizer};
use pywasm_project::{Optimize, Preinit, Project};
use pywasm_report::Profile;

use crate::{stage::layout::Layout, world::ComponentWorld};

/// What does the work of a build, and who hears of it.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// Runs the base and the artifact.
    pub interpreter: &'a dyn Interpreter,
    /// Makes the module smaller or faster.
    pub optimizer: &'a dyn Optimizer,
    /// Makes machine code.
    pub aot: &'a dyn AotCompiler,
    /// Tells where compilers for C modules are.
    pub host: &'a Host,
    /// Keeps results of earlier builds.
    pub cache: &'a Cache,
    /// Hears which stage runs, and says when to stop.
    pub progress: &'a dyn Progress,
}

/// The settings that stages look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StageSettings {
    pub(crate) profile: Profile,
    pub(crate) optimize: Optimize,
    pub(crate) preinit: Preinit,
}

impl StageSettings {
    /// What holds for a build of the project.
    pub(crate) fn of_project(project: &Project) -> Self {
        let settings = &project.settings;
        Self {
            profile: settings.profile,
            optimize: settings.optimize,
            preinit: settings.preinit,
        }
    }

    /// What holds for questions about a project: no snapshot is made.
    pub(crate) fn for_questions() -> Self {
        Self {
            profile: Profile::Release,
            optimize: Optimize::default(),
            preinit: Preinit::None,
        }
    }
}

/// What all stages of a build work with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) project: &'a Project,
    pub(crate) base: &'a Base,
    /// The world that the program stands behind.
    pub(crate) world: Option<&'a ComponentWorld>,
    pub(crate) settings: StageSettings,
    pub(crate) tools: Tools<'a>,
}

impl Context<'_> {
    /// Where things are in the guest.
    pub(crate) fn layout(&self) -> Layout {
        Layout::new(self.base.target().series())
    }
}
