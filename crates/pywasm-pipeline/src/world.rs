//! Puts a project behind its world before anything is resolved: the bindings become a source root, and
//! the program starts in them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use pywasm_base::Base;
use pywasm_cache::Cache;
use pywasm_component::{Bindings, Program, World, WorldModule};
use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_host::WorkFolder;
use pywasm_project::{Component, Entry, Exceptions, Preinit, Project, TrimMode, closest};
use pywasm_resolve::ModuleGraph;

use crate::{Error, context::StageSettings, stage::resolve};

/// The world of a project, as far as the program reaches it.
pub(crate) struct ComponentWorld {
    pub(crate) world: World,
    pub(crate) module: WorldModule,
    /// The project with the bindings in it, and with its entry in them.
    pub(crate) project: Project,
    /// What of the world the program does not reach.
    pub(crate) unused: Vec<String>,
    /// The module with the program's classes.
    pub(crate) program: String,
    /// Where the bindings are; removed with this.
    folder: WorkFolder,
}

impl ComponentWorld {
    /// Whether a source is one of the bindings, and so nobody's file.
    pub(crate) fn is_generated(&self, source: &Path) -> bool {
        source.starts_with(self.folder.path())
    }

    /// The files with the world's WIT.
    pub(crate) fn wit_files(&self) -> Vec<PathBuf> {
        let Some(component) = &self.project.component else {
            return Vec::new();
        };
        let mut files = Vec::new();
        let mut open: Vec<PathBuf> = component.wit.iter().cloned().collect();
        while let Some(path) = open.pop() {
            match fs::read_dir(&path) {
                Ok(entries) => open.extend(entries.flatten().map(|entry| entry.path())),
                Err(_)
                    if Some(&path) == component.wit.as_ref()
                        || path.extension().is_some_and(|end| end == "wit") =>
                {
                    files.push(path);
                }
                Err(_) => {}
            }
        }
        files
    }
}

/// Makes the bindings of a project that is to be a component; `None` where it is none.
pub(crate) fn prepare(
    project: &Project,
    base: &Base,
    settings: StageSettings,
    cache: &Cache,
) -> Result<Option<ComponentWorld>, Error> {
    let reach = |project: &Project| Ok(resolve::resolve(project, base, settings, cache)?.graph);
    prepare_with(project, reach)
}

/// The same, where `reach` finds what the program imports.
pub(crate) fn prepare_with(
    project: &Project,
    reach: impl FnOnce(&Project) -> Result<ModuleGraph, Error>,
) -> Result<Option<ComponentWorld>, Error> {
    let Some(component) = &project.component else {
        return Ok(None);
    };
    if project.settings.preinit == Preinit::None {
        let wrong = Diagnostic::new("`preinit = \"none\"` is not for components: they start from a snapshot")
            .with_hint("leave it out, or set it to `stdlib` or `app`");
        return Err(Error::Project(wrong.into()));
    }
    let mut world = load(project, component)?;
    let folder = WorkFolder::create()
        .map_err(|error| Error::io("create a folder in", &std::env::temp_dir(), error))?;
    let module = program_module(project)?;
    let modules = top_level_modules(project);
    let program = Program {
        module: &module,
        modules: &modules,
        has_dataclasses: false,
        exceptions_are_errors: component.exceptions == Exceptions::Err,
    };
    let mut behind = project.clone();
    behind.source_roots.push(folder.path().to_owned());
    for package in Bindings::PACKAGES {
        behind.trim.set(package, TrimMode::Reached);
    }

    // What the program reaches of the whole world is what stays of it.
    let bindings = world.bindings(&world.side_module(), program);
    write(&bindings, folder.path())?;
    behind.entry = Entry::Module(module.clone());
    let (start, function) = bindings.entry();
    if is_package(project, &module) {
        // Only a package that runs by itself can be an entry, so a module that imports this one is it.
        let path = folder.path().join(start).with_extension("py");
        let text = format!("import {module}\n{function} = None\n");
        fs::write(&path, text).map_err(|error| Error::io("write", &path, error))?;
        behind.entry = entry_function(start, function);
    }
    let reached: BTreeSet<String> = reach(&behind)?.modules.into_keys().collect();
    let whole = world.imports();
    world.prune(&reached).map_err(Error::Component)?;
    let kept = world.imports();
    let unused = whole.into_iter().filter(|name| !kept.contains(name)).collect();

    let side = world.side_module();
    let program = Program {
        has_dataclasses: reached.contains("dataclasses"),
        ..program
    };
    let bindings = world.bindings(&side, program);
    write(&bindings, folder.path())?;
    behind.entry = entry_function(start, function);
    Ok(Some(ComponentWorld {
        world,
        module: side,
        project: behind,
        unused,
        program: module,
        folder,
    }))
}

fn entry_function(module: &str, function: &str) -> Entry {
    Entry::Function {
        module: module.to_owned(),
        attribute: function.to_owned(),
    }
}

fn is_package(project: &Project, module: &str) -> bool {
    let folder = module.replace('.', "/");
    let mut roots = project.source_roots.iter();
    roots.any(|root| root.join(&folder).join("__init__.py").is_file())
}

/// The typed bindings of a component's world, by their paths; `None` where the project is no component.
///
/// # Errors
/// The world cannot be read.
pub fn stubs(project: &Project) -> Result<Option<BTreeMap<String, String>>, Error> {
    let Some(component) = &project.component else {
        return Ok(None);
    };
    load(project, component).map(|world| Some(world.stubs()))
}

/// Reads the world of a component.
pub(crate) fn load(project: &Project, component: &Component) -> Result<World, Error> {
    let names: Vec<String> = component.worlds.iter().map(|world| world.value.clone()).collect();
    World::load(component.wit.as_deref(), &names).map_err(|error| {
        let mut diagnostic = Diagnostic::new(error.to_string());
        diagnostic.location = match (&error, error.place()) {
            (_, Some(place)) => {
                let path = place.path.strip_prefix(&project.root).unwrap_or(&place.path);
                Some(Location::line(path.display().to_string(), place.line))
            }
            (pywasm_component::Error::Wit { path, .. }, None) => {
                let path = path.strip_prefix(&project.root).unwrap_or(path);
                Some(Location::file(path.display().to_string()))
            }
            (pywasm_component::Error::NoWorld { name, .. }, None) => {
                let mut worlds = component.worlds.iter();
                worlds
                    .find(|world| world.value == *name)
                    .and_then(|world| world.place.clone())
            }
            _ => component.worlds.first().and_then(|world| world.place.clone()),
        };
        let worlds = error.worlds();
        let near = match &error {
            pywasm_component::Error::NoWorld { name, .. } => closest(name, worlds.iter().map(String::as_str)),
            _ => None,
        };
        diagnostic.hint = match (near, worlds) {
            (Some(near), _) => Some(format!("did you mean `{near}`?")),
            (None, []) => None,
            (None, worlds) => Some(format!("name one of {} in `component.world`", worlds.join(", "))),
        };
        Error::Project(diagnostic.into())
    })
}

/// The module that has the program's classes.
fn program_module(project: &Project) -> Result<String, Error> {
    match &project.entry {
        Entry::Module(module) => Ok(module.clone()),
        Entry::Script(path) => Ok(path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()),
        Entry::Function { .. } => {
            let wrong = Diagnostic::new(format!(
                "a component has no function to start with, as in `{}`",
                project.entry
            ))
            .with_hint("name the module that has the classes which the world exports: `entry = \"app\"`");
            Err(Error::Project(wrong.into()))
        }
    }
}

/// What can be imported from the project without a dot.
fn top_level_modules(project: &Project) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for root in &project.source_roots {
        for entry in fs::read_dir(root).into_iter().flatten().flatten() {
            let path: PathBuf = entry.path();
            let is_package = path.join("__init__.py").is_file();
            let is_module = path.extension().is_some_and(|end| end == "py");
            if is_package || is_module {
                modules.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
            }
        }
    }
    modules
}

/// Puts the bindings into the folder, in place of those that are there.
fn write(bindings: &Bindings, folder: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.map_err(|error| Error::io("remove", &path, error))?;
    }
    for (name, text) in &bindings.files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        fs::write(&path, text).map_err(|error| Error::io("write", &path, error))?;
    }
    Ok(())
}
