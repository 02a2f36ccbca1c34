//! The optimized interpreter and the module graph in, a module with the program inside out.
//!
//! Every reached module is compiled, every data file is read, and all of it becomes one
//! read-only file system behind the module's memory.

use std::collections::BTreeMap;

use pywasm_bundle::{bytecode::Docstrings, image::ImageBuilder, marshal::Columns};
use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_object::place;
use pywasm_project::{Preinit, Project};
use pywasm_report::{DataEntry, Stage};
use pywasm_resolve::{EntryKind, Module, ModuleGraph, ModuleKind, Origin, Preload};

use super::{
    StageLog, Tools,
    bytecode::{self, Compiled, Source},
    data, layout,
    optimize::Optimized,
    resolve::Reached,
    smoke,
};
use crate::{Error, Profile};

/// The export that says where the interpreter looks for the image.
pub(crate) const IMAGE: &str = "pywasm_image";

/// The program as a file system.
pub(crate) struct Image {
    pub(crate) bytes: Vec<u8>,
    /// Its twin for the stage `smoke`, where there is one.
    pub(crate) smoke: Option<Vec<u8>>,
    /// What each module takes in it, in bytes.
    pub(crate) module_bytes: BTreeMap<String, u64>,
    pub(crate) data: Vec<DataEntry>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// The module with the program inside.
pub(crate) struct Bundled {
    pub(crate) module: Vec<u8>,
}

/// Puts the image behind the module's memory.
pub(crate) fn run(optimized: &Optimized, image: &Image, log: &mut StageLog<'_>) -> Result<Bundled, Error> {
    let placed = log.time(Stage::Bundle, || place(&optimized.module, IMAGE, &image.bytes));
    let module = placed.map_err(Error::Place)?;
    log.add_module(Stage::Bundle, optimized.module.len(), &module, Vec::new());
    Ok(Bundled { module })
}

/// Makes the image.
pub(crate) fn image(
    reached: &Reached,
    project: &Project,
    tools: Tools<'_>,
    profile: Profile,
    preinit: Preinit,
) -> Result<Image, Error> {
    let mut image = ImageBuilder::new();
    let (module_bytes, warnings) = add_modules(&mut image, reached, project, tools, profile, None)?;
    let data = data::run(reached, project)?;
    let entries = data.iter().map(|file| DataEntry {
        path: layout::absolute(&file.place),
        bytes: file.bytes.len() as u64,
    });
    let entries = entries.collect();
    // A module's source that stays is there already; `data` may name it for a build that drops it.
    for file in data {
        if !image.contains(&file.place) {
            image.add_file(&file.place, file.bytes)?;
        }
    }
    image.add_dir(layout::folder(Origin::App))?;
    image.add_file("etc/left-out", lines(&reached.left_out))?;
    if preinit != Preinit::None {
        image.add_file("etc/preinit", preload_file(&reached.graph, preinit))?;
    }
    let smoke = match project.settings.smoke {
        true => Some(smoke_twin(image.clone(), reached, tools)?),
        false => None,
    };
    image.add_file("etc/entry", entry_file(reached, project))?;

    Ok(Image {
        bytes: image.build()?,
        smoke,
        module_bytes,
        data: entries,
        warnings,
    })
}

/// The image whose program imports the app's modules.
fn smoke_twin(mut image: ImageBuilder, reached: &Reached, tools: Tools<'_>) -> Result<Vec<u8>, Error> {
    let place = layout::place(Origin::Stdlib, &format!("{}.py", smoke::MODULE));
    let source = Source {
        guest: layout::absolute(&place),
        shown: format!("<stdlib>/{}.py", smoke::MODULE),
        bytes: smoke::SOURCE.as_bytes().to_vec(),
        docstrings: Docstrings::Strip,
        columns: Columns::Drop,
    };
    for compiled in bytecode::run(&[source], tools.base, tools.engine, tools.cache)? {
        image.add_file(&layout::without_source(&place), compiled.pyc)?;
    }
    smoke::add_smoke_entry(&mut image, reached)?;
    Ok(image.build()?)
}

/// Adds the reached modules. What each takes, and the compiler's warnings. `tail`: the name of a
/// module, and what is added to its source.
pub(crate) fn add_modules(
    image: &mut ImageBuilder,
    reached: &Reached,
    project: &Project,
    tools: Tools<'_>,
    profile: Profile,
    tail: Option<(&str, &str)>,
) -> Result<(BTreeMap<String, u64>, Vec<Diagnostic>), Error> {
    let mut module_bytes = BTreeMap::new();
    let mut warnings = Vec::new();
    let (modules, mut sources) = sources(reached, project, profile)?;
    if let Some((name, text)) = tail {
        for (module, source) in modules.iter().zip(&mut sources) {
            if module.name == name {
                source.bytes.extend_from_slice(text.as_bytes());
            }
        }
    }
    let compiled = bytecode::run(&sources, tools.base, tools.engine, tools.cache)?;
    for ((module, source), compiled) in modules.iter().zip(sources).zip(compiled) {
        if module.origin == Origin::App {
            warnings.extend(compiler_warnings(&source, &compiled));
        }
        let size = add_module(image, module, source, compiled.pyc, profile)?;
        module_bytes.insert(module.name.clone(), size);
    }
    for module in reached.graph.modules.values() {
        if let ModuleKind::Namespace { folders } = &module.kind {
            for folder in folders {
                image.add_dir(&layout::place(folder.origin, &folder.relative))?;
            }
        }
    }
    Ok((module_bytes, warnings))
}

/// The reached modules that have a source, and their sources, in the same order.
fn sources<'a>(
    reached: &'a Reached,
    project: &Project,
    profile: Profile,
) -> Result<(Vec<&'a Module>, Vec<Source>), Error> {
    let mut modules = Vec::new();
    let mut sources = Vec::new();
    for module in reached.graph.modules.values() {
        let ModuleKind::Source { path, relative, .. } = &module.kind else {
            continue;
        };
        let mut bytes = reached.sources.read(path)?.to_vec();
        if module.origin == Origin::Dependency {
            bytes = reached.graph.hooks.source(&module.name, bytes);
        }
        modules.push(module);
        sources.push(Source {
            guest: layout::absolute(&layout::place(module.origin, relative)),
            shown: module.shown.clone(),
            bytes,
            docstrings: docstrings(project.settings.docstrings, module.origin),
            // Columns mark a place in a source line; without the source they mark nothing.
            columns: if keeps_source(profile, module.origin) {
                Columns::Keep
            } else {
                Columns::Drop
            },
        });
    }
    Ok((modules, sources))
}

fn keeps_source(profile: Profile, origin: Origin) -> bool {
    profile == Profile::Dev && origin != Origin::Stdlib
}

fn docstrings(setting: pywasm_project::Docstrings, origin: Origin) -> Docstrings {
    use pywasm_project::Docstrings as Setting;
    match (setting, origin) {
        (Setting::None, _) | (Setting::App, Origin::Stdlib) => Docstrings::Strip,
        (Setting::App | Setting::All, _) => Docstrings::Keep,
    }
}

/// Adds a module and returns what it takes in the image, in bytes.
fn add_module(
    image: &mut ImageBuilder,
    module: &Module,
    source: Source,
    pyc: Vec<u8>,
    profile: Profile,
) -> Result<u64, Error> {
    let ModuleKind::Source { relative, .. } = &module.kind else {
        return Ok(0);
    };
    let place = layout::place(module.origin, relative);
    let mut size = pyc.len();
    if keeps_source(profile, module.origin) {
        size += source.bytes.len();
        image.add_file(&layout::beside_source(&place), pyc)?;
        image.add_file(&place, source.bytes)?;
    } else {
        image.add_file(&layout::without_source(&place), pyc)?;
    }
    Ok(size as u64)
}

fn compiler_warnings(source: &Source, compiled: &Compiled) -> Vec<Diagnostic> {
    let one = |warning: &pywasm_bundle::bytecode::Warning| {
        let place = Location::line(&source.shown, warning.line.unwrap_or(0));
        Diagnostic::new(format!("{}: {}", warning.category, warning.message)).with_location(place)
    };
    compiled.warnings.iter().map(one).collect()
}

/// How the interpreter starts the program.
pub(crate) fn entry_file(reached: &Reached, project: &Project) -> String {
    let entry = &reached.graph.entry;
    let kind = match entry.kind {
        EntryKind::Script => "script",
        EntryKind::Module => "module",
        EntryKind::Function => "function",
    };
    let program = match entry.kind {
        EntryKind::Function => project.name.clone(),
        EntryKind::Script | EntryKind::Module => match reached
            .graph
            .modules
            .get(&entry.module)
            .map(|module| &module.kind)
        {
            Some(ModuleKind::Source { relative, .. }) => {
                layout::absolute(&layout::place(Origin::App, relative))
            }
            _ => project.name.clone(),
        },
    };
    let mut text = format!("kind={kind}\nmodule={}\n", entry.module);
    if let Some(function) = &entry.function {
        text += &format!("function={function}\n");
    }
    text += &format!("program={program}\nsite={}\n", u8::from(reached.graph.needs_site));
    text
}

/// The modules that a snapshot has imported, in order.
fn preload_file(graph: &ModuleGraph, preinit: Preinit) -> String {
    let scope = match preinit {
        Preinit::None | Preinit::Interpreter => return String::new(),
        Preinit::Stdlib => Preload::Stdlib,
        Preinit::App => Preload::App,
    };
    graph
        .preload_without_compiler(scope)
        .iter()
        .map(|module| format!("{module}\n"))
        .collect()
}

fn lines(names: &[String]) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}
