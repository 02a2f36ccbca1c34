//! Answers questions about a prepared project without building it, and runs a module.

use pywasm_audit::{Audit, Input};
use pywasm_diagnostic::Diagnostic;
use pywasm_engine::{Command, Exit, Loaded};
use pywasm_resolve::{ModuleGraph, Origin};

use crate::{Builder, Error, Prepared};

impl Builder<'_> {
    /// Tells what of a project cannot run on WASI, what leads to it, and what to do.
    ///
    /// # Errors
    /// When the search for modules cannot begin, or what is installed cannot be read.
    pub fn check(&self, prepared: &Prepared) -> Result<Audit, Error> {
        let Prepared {
            project,
            base,
            warnings,
            ..
        } = prepared;
        let inspection = pywasm_pipeline::inspect(project, base, &self.local_cache(project))?;
        let mut warnings = warnings.clone();
        warnings.extend(inspection.warnings);
        let roots = &inspection.request.roots;
        let mut distributions = Vec::new();
        for root in roots.iter().filter(|root| root.origin == Origin::Dependency) {
            distributions.extend(pywasm_deps::distributions(&root.path)?);
        }
        Ok(pywasm_audit::audit(&Input {
            project,
            graph: &inspection.graph,
            errors: &inspection.errors,
            warnings: &warnings,
            component: inspection.component.as_ref(),
            roots,
            distributions: &distributions,
            stdlib_names: &inspection.request.stdlib_names,
            target: base.target(),
            base: base.id(),
            version: env!("CARGO_PKG_VERSION"),
        }))
    }

    /// The modules that an artifact has, and their imports; and what the user should know.
    ///
    /// # Errors
    /// When an import leads nowhere or a source cannot be parsed.
    pub fn graph(&self, prepared: &Prepared) -> Result<(ModuleGraph, Vec<Diagnostic>), Error> {
        let cache = self.local_cache(&prepared.project);
        let (graph, more) = pywasm_pipeline::graph(&prepared.project, &prepared.base, &cache)?;
        let mut warnings = prepared.warnings.clone();
        warnings.extend(more);
        Ok((graph, warnings))
    }

    /// Runs a module, or a component that is a command, under wasmtime. It sees nothing but what the command
    /// names.
    ///
    /// # Errors
    /// When the module is invalid, a folder cannot be mounted, or the program traps.
    pub fn run(&self, module: &[u8], command: &Command) -> Result<Exit, Error> {
        let engine = self.engine()?;
        match engine.load_any(module)? {
            Loaded::Module(program) => Ok(program.run(&engine, command)?),
            Loaded::Component(component) => Ok(component.run(&engine, command)?),
        }
    }

    /// Calls a function of a component in a new instance: `price("apple", 3)`. Arguments and result are
    /// written as WAVE; there is no result where the function has none. What the command says of standard
    /// output holds for what the program prints.
    ///
    /// # Errors
    /// When there is no such function, the arguments are not of its types, or the component traps.
    pub fn invoke(&self, component: &[u8], command: &Command, call: &str) -> Result<Option<String>, Error> {
        let engine = self.engine()?;
        let component = engine.load_component(component)?;
        Ok(component.invoke(&engine, command, call)?)
    }
}
