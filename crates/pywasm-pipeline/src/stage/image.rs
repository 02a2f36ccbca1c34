//! Makes the program's file system: every reached module is compiled, every data file is read, and
//! all of it becomes one read-only image.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_bundle::{bytecode::Docstrings, image::ImageBuilder, marshal::Columns};
use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_report::DataEntry;
use pywasm_resolve::{EntryKind, Module, ModuleKind, Origin};
use pywasm_target::abi::{guest, start};

use super::{
    bytecode::{self, CompiledModule, Source},
    data,
    layout::{absolute, without_source},
    resolve::Resolution,
    smoke,
};
use crate::{Error, Profile, context::Context};

/// The program as a file system.
pub(crate) struct GuestImage {
    pub(crate) bytes: Vec<u8>,
    /// Its twin for the stage `smoke`, where there is one.
    pub(crate) smoke: Option<Vec<u8>>,
    /// What each module takes in it, in bytes.
    pub(crate) module_bytes: BTreeMap<String, u64>,
    pub(crate) data: Vec<DataEntry>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Makes the image.
pub(crate) fn make(context: &Context<'_>, resolution: &Resolution) -> Result<GuestImage, Error> {
    let (project, layout) = (context.project, context.layout());
    let mut image = ImageBuilder::new();
    let tail = tail(context, resolution);
    let tail = (!tail.is_empty()).then_some((HELPER, &*tail));
    let (module_bytes, warnings) = add_modules(context, &mut image, resolution, tail)?;
    let data = data::read(context, resolution)?;
    let entries = data.iter().map(|file| DataEntry {
        path: absolute(&file.place),
        bytes: file.bytes.len() as u64,
    });
    let entries = entries.collect();
    // A module's source that stays is there already; `data` may name it for a build that drops it.
    for file in data {
        if !image.contains(&file.place) {
            image.add_file(&file.place, file.bytes)?;
        }
    }
    image.add_dir(&layout.folder(Origin::App))?;
    image.add_file(guest::OMITTED, omitted_file(context, &resolution.omitted))?;
    let smoke = match project.settings.smoke {
        true => Some(smoke_twin(context, image.clone(), resolution)?),
        false => None,
    };
    image.add_file(guest::ENTRY, entry_file(context, resolution))?;

    Ok(GuestImage {
        bytes: image.build()?,
        smoke,
        module_bytes,
        data: entries,
        warnings,
    })
}

/// The module of the base that is imported last before the program.
pub(crate) const HELPER: &str = "_pywasm";
/// What a quick build adds to it: it says which modules are looked for in vain.
const RECORDER: &str = include_str!("_pywasm_imports.py");

/// What a program gets that computes names of codecs: it says which of them were left out.
const CODECS: &str = include_str!("_pywasm_codecs.py");

/// What is added to the helper.
fn tail(context: &Context<'_>, resolution: &Resolution) -> String {
    let is_dev = context.settings.profile == Profile::Dev;
    let mut tail = String::new();
    if is_dev || resolution.graph.computes_codecs {
        tail += CODECS;
    }
    if is_dev {
        tail += RECORDER;
    }
    tail
}

/// The image whose program imports the app's modules.
fn smoke_twin(
    context: &Context<'_>,
    mut image: ImageBuilder,
    resolution: &Resolution,
) -> Result<Vec<u8>, Error> {
    let file = format!("{}.py", smoke::MODULE);
    let place = context.layout().place(Origin::Stdlib, &file);
    let source = Source {
        guest: absolute(&place),
        shown: format!("<stdlib>/{file}"),
        bytes: smoke::SOURCE.as_bytes().to_vec(),
        docstrings: Docstrings::Strip,
        columns: Columns::Drop,
    };
    for compiled in bytecode::compile(context, &[source])? {
        image.add_file(&without_source(&place), compiled.pyc)?;
    }
    smoke::add_smoke_entry(&mut image, resolution)?;
    Ok(image.build()?)
}

/// Adds the reached modules. What each takes, and the compiler's warnings. `tail`: the name of a
/// module, and what is added to its source.
pub(crate) fn add_modules(
    context: &Context<'_>,
    image: &mut ImageBuilder,
    resolution: &Resolution,
    tail: Option<(&str, &str)>,
) -> Result<(BTreeMap<String, u64>, Vec<Diagnostic>), Error> {
    let mut module_bytes = BTreeMap::new();
    let mut warnings = Vec::new();
    let (modules, mut sources) = sources(context, resolution)?;
    if let Some((name, text)) = tail {
        for (module, source) in modules.iter().zip(&mut sources) {
            if module.name == name {
                source.bytes.extend_from_slice(text.as_bytes());
            }
        }
    }
    let compiled = bytecode::compile_each(context, &sources)?;
    let mut refused = Vec::new();
    for ((module, source), compiled) in modules.iter().zip(sources).zip(compiled) {
        let compiled = match compiled {
            Ok(compiled) => compiled,
            // Nothing is known to import it, so it may be for another version of Python.
            Err(_) if module.is_whole => {
                warnings.extend(left_out(module));
                continue;
            }
            Err(text) => {
                refused.push(text);
                continue;
            }
        };
        if module.origin == Origin::App {
            warnings.extend(compiler_warnings(&source, &compiled));
        }
        let size = add_module(context, image, resolution, module, source, compiled.pyc)?;
        module_bytes.insert(module.name.clone(), size);
    }
    if !refused.is_empty() {
        return Err(Error::Refused { refused });
    }
    for module in resolution.graph.modules.values() {
        if let ModuleKind::Namespace { folders } = &module.kind {
            for folder in folders {
                image.add_dir(&context.layout().place(folder.origin, &folder.relative))?;
            }
        }
    }
    Ok((module_bytes, warnings))
}

/// The reached modules that have a source, and their sources, in the same order.
fn sources<'a>(
    context: &Context<'_>,
    resolution: &'a Resolution,
) -> Result<(Vec<&'a Module>, Vec<Source>), Error> {
    let mut modules = Vec::new();
    let mut sources = Vec::new();
    for module in resolution.graph.modules.values() {
        let ModuleKind::Source { path, relative, .. } = &module.kind else {
            continue;
        };
        let mut bytes = resolution.sources.read(path)?.to_vec();
        if module.origin == Origin::Dependency {
            bytes = resolution.graph.hooks.apply_to_source(&module.name, bytes);
        }
        modules.push(module);
        sources.push(Source {
            guest: absolute(&context.layout().place(module.origin, relative)),
            shown: module.shown.clone(),
            bytes,
            docstrings: docstrings(context, resolution, module),
            // Columns mark a place in a source line; without the source they mark nothing.
            columns: if keeps_source(context, resolution, module) {
                Columns::Keep
            } else {
                Columns::Drop
            },
        });
    }
    Ok((modules, sources))
}

/// Whether a module's source is in the artifact: in a quick build, and where the program lists a folder
/// to find sources.
fn keeps_source(context: &Context<'_>, resolution: &Resolution, module: &Module) -> bool {
    let is_listed = || resolution.graph.lists_sources(&module.name);
    module.origin != Origin::Stdlib && (context.settings.profile == Profile::Dev || is_listed())
}

/// Says that a module of the app that CPython refuses is left out.
fn left_out(module: &Module) -> Option<Diagnostic> {
    let message = format!(
        "`{}` is left out, since it cannot be compiled, and nothing is known to import it",
        module.name
    );
    (module.origin == Origin::App)
        .then(|| Diagnostic::new(message).with_location(Location::file(&module.shown)))
}

fn docstrings(context: &Context<'_>, resolution: &Resolution, module: &Module) -> Docstrings {
    use pywasm_project::Docstrings as Setting;
    let is_read = || resolution.graph.documented.contains(&module.name);
    match (context.project.settings.docstrings, module.origin) {
        (Setting::None, _) => Docstrings::Strip,
        (Setting::App, Origin::Stdlib) if !is_read() => Docstrings::Strip,
        (Setting::App | Setting::All, _) => Docstrings::Keep,
    }
}

/// Adds a module and returns what it takes in the image, in bytes.
fn add_module(
    context: &Context<'_>,
    image: &mut ImageBuilder,
    resolution: &Resolution,
    module: &Module,
    source: Source,
    pyc: Vec<u8>,
) -> Result<u64, Error> {
    let ModuleKind::Source { relative, .. } = &module.kind else {
        return Ok(0);
    };
    let layout = context.layout();
    let place = layout.place(module.origin, relative);
    let mut size = pyc.len();
    if keeps_source(context, resolution, module) {
        size += source.bytes.len();
        image.add_file(&layout.beside_source(&place), pyc)?;
        image.add_file(&place, source.bytes)?;
    } else {
        image.add_file(&without_source(&place), pyc)?;
    }
    Ok(size as u64)
}

fn compiler_warnings(source: &Source, compiled: &CompiledModule) -> Vec<Diagnostic> {
    let one = |warning: &pywasm_bundle::bytecode::Warning| {
        let place = Location::line(&source.shown, warning.line.unwrap_or(0));
        Diagnostic::new(format!("{}: {}", warning.category, warning.message)).with_location(place)
    };
    compiled.warnings.iter().map(one).collect()
}

/// How the interpreter starts the program.
pub(crate) fn entry_file(context: &Context<'_>, resolution: &Resolution) -> String {
    let project = context.project;
    let entry = &resolution.graph.entry;
    let kind = match entry.kind {
        EntryKind::Script => "script",
        EntryKind::Module => "module",
        EntryKind::Function => "function",
    };
    let program = match entry.kind {
        EntryKind::Function => project.name.clone(),
        EntryKind::Script | EntryKind::Module => match resolution
            .graph
            .modules
            .get(&entry.module)
            .map(|module| &module.kind)
        {
            Some(ModuleKind::Source { relative, .. }) => {
                absolute(&context.layout().place(Origin::App, relative))
            }
            _ => project.name.clone(),
        },
    };
    let mut text = format!("kind={kind}\nmodule={}\n", entry.module);
    if let Some(function) = &entry.function {
        text += &format!("function={function}\n");
    }
    text += &format!("program={program}\nstart={}\n", start_modules(resolution));
    if let Some(bytes) = project.tmp_size {
        text += &format!("tmp-size={bytes}\n");
    }
    text
}

/// The modules that are not in the artifact, for the runtime's error messages.
fn omitted_file(context: &Context<'_>, names: &BTreeSet<String>) -> String {
    let is_excluded = |name: &str| {
        let mut patterns = context.project.exclude.iter();
        patterns.any(|pattern| pattern.matches(name))
    };
    let line = |name: &String| match is_excluded(name) {
        true => format!("{name} excluded {name}\n"),
        false => format!("{name}\n"),
    };
    names.iter().map(line).collect()
}

/// Lists the runtime's modules that come before the program, where it needs what they prepare.
pub(crate) fn start_modules(resolution: &Resolution) -> String {
    let modules = &resolution.graph.modules;
    start::MODULES
        .into_iter()
        .filter(|name| modules.contains_key(*name))
        .collect::<Vec<_>>()
        .join(" ")
}
