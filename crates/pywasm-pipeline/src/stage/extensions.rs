//! Compiles the C modules that the program imports, each to a side module that can be linked into
//! the base.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use pywasm_base::{Base, Compiler, ExtensionSource};
use pywasm_cache::CacheValue;
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_object::{Export, InitTableEntry, SideModule};
use pywasm_project::{Extension, Optimize, Project};
use pywasm_report::Stage;
use pywasm_resolve::ModuleGraph;
use serde::{Deserialize, Serialize};

use super::{StageLog, c_imports, resolve::Resolution, sources::Sources};
use crate::{Error, cache_key, context::Context, world::ComponentWorld};

/// The base's module in C with which the bindings of a world speak.
pub(crate) const GLUE: &str = "_pywasm_wit";

/// What is linked into the base.
#[derive(Default)]
pub(crate) struct SideModules {
    pub(crate) modules: Vec<SideModule>,
    /// The name and the init function of each.
    pub(crate) entries: Vec<InitTableEntry>,
    /// What the linked module exports for the component.
    pub(crate) exports: Vec<Export>,
    /// The project's C files and headers that were compiled in, and their digests then.
    pub(crate) files: BTreeMap<String, Digest>,
}

/// The extension modules as the resolver sees them: builtin modules, and what each imports.
pub(crate) fn find_imports(
    project: &Project,
    base: &Base,
    sources: &Sources,
) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut modules = BTreeMap::new();
    for extension in &project.extensions {
        if base.manifest().builtins.contains(&extension.name) {
            let message = format!("the base has a module `{}` of its own", extension.name);
            let wrong = Diagnostic::new(message)
                .with_location(extension.place.clone())
                .with_hint("give the extension another name");
            return Err(Error::Project(wrong.into()));
        }
        let mut imports = BTreeSet::new();
        for file in &extension.sources {
            let text = sources.read(&project.root.join(file))?;
            imports.extend(c_imports::find(&String::from_utf8_lossy(&text)));
        }
        modules.insert(extension.name.clone(), imports.into_iter().collect());
    }
    Ok(modules)
}

/// The extension modules that nothing imports, which stay out.
pub(crate) fn warnings(project: &Project, graph: &ModuleGraph) -> Vec<Diagnostic> {
    let unused = project
        .extensions
        .iter()
        .filter(|extension| !graph.modules.contains_key(&extension.name));
    unused
        .map(|extension| {
            Diagnostic::new(format!(
                "nothing imports the extension module `{}`, so it is left out",
                extension.name
            ))
            .with_location(extension.place.clone())
            .with_hint(
                "its name is the full dotted name that an import has; `include` brings it all the same",
            )
        })
        .collect()
}

/// Compiles what the graph reaches.
pub(crate) fn run(
    context: &Context<'_>,
    resolution: &Resolution,
    log: &mut StageLog<'_>,
) -> Result<SideModules, Error> {
    let reached: Vec<&Extension> = context
        .project
        .extensions
        .iter()
        .filter(|extension| resolution.graph.modules.contains_key(&extension.name))
        .collect();
    let mut sides = if reached.is_empty() {
        SideModules::default()
    } else {
        log.time(Stage::Link, || compile(context, &reached, &resolution.sources))?
    };
    if let Some(world) = context.world {
        add_world(context, world, &mut sides)?;
    }
    Ok(sides)
}

/// Adds the base's glue for components, and the module of the world.
fn add_world(context: &Context<'_>, world: &ComponentWorld, sides: &mut SideModules) -> Result<(), Error> {
    let is_async = world.world.is_async();
    let path = context.base.component_glue(is_async).map_err(Error::Extension)?;
    let glue = fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
    let index = sides.modules.len();
    sides.entries.push(InitTableEntry {
        text: GLUE.to_owned(),
        module: index,
        function: format!("PyInit_{GLUE}"),
    });
    sides.modules.push(SideModule {
        name: GLUE.to_owned(),
        wasm: glue,
        // The host has the tasks of async functions.
        is_open: is_async,
    });
    sides.modules.push(SideModule {
        name: world.world.name().to_owned(),
        wasm: world.module.wasm.clone(),
        is_open: true,
    });
    let exports = world
        .module
        .exports
        .iter()
        .map(|function| (index + 1, function.clone()));
    let own = (index, "cabi_realloc".to_owned());
    sides.exports = std::iter::once(own)
        .chain(exports)
        .map(|(module, function)| Export { module, function })
        .collect();
    Ok(())
}

fn compile(
    context: &Context<'_>,
    extensions: &[&Extension],
    sources: &Sources,
) -> Result<SideModules, Error> {
    let project = context.project;
    let mut sides = SideModules::default();
    let _guard = context.tools.progress.guard();
    let compiler = Compiler::find(context.tools.host).map_err(cancelled)?;
    for (module, extension) in extensions.iter().enumerate() {
        let source = ExtensionSource {
            name: &extension.name,
            root: &project.root,
            sources: &extension.sources,
            include_dirs: &extension.include_dirs,
            defines: &extension.defines,
            fast: is_fast(context.settings.optimize),
        };
        let made = compile_cached(context, &source, sources, &compiler)?;
        for file in source.sources {
            let bytes = sources.read(&project.root.join(file))?;
            sides.files.insert(file.clone(), Digest::compute(&bytes));
        }
        sides.files.extend(made.headers);
        sides.entries.push(InitTableEntry {
            text: extension.name.clone(),
            module,
            function: source.init_function(),
        });
        sides.modules.push(SideModule {
            name: extension.name.clone(),
            wasm: made.wasm,
            is_open: false,
        });
    }
    Ok(sides)
}

/// Whether the optimizer's level asks for speed.
fn is_fast(optimize: Optimize) -> bool {
    matches!(optimize, Optimize::Speed | Optimize::O3 | Optimize::O4)
}

/// One extension's side module, as the cache keeps it.
struct CompiledExtension {
    wasm: Vec<u8>,
    /// The project's headers that were read, and their digests then.
    headers: BTreeMap<String, Digest>,
}

/// The first line of a cache entry; the side module follows.
#[derive(Serialize, Deserialize)]
struct Head {
    headers: BTreeMap<String, Digest>,
}

impl CacheValue for CompiledExtension {
    fn encode(&self) -> Cow<'_, [u8]> {
        let headers = self.headers.clone();
        let mut entry = serde_json::to_vec(&Head { headers }).unwrap_or_default();
        entry.push(b'\n');
        entry.extend_from_slice(&self.wasm);
        Cow::Owned(entry)
    }

    fn decode(mut entry: Vec<u8>) -> Option<Self> {
        let end = entry.iter().position(|&byte| byte == b'\n')?;
        let Head { headers } = serde_json::from_slice(&entry[..end]).ok()?;
        entry.drain(..=end);
        Some(Self { wasm: entry, headers })
    }
}

/// Compiles one extension, or takes it from the cache where no source and no header has changed.
fn compile_cached(
    context: &Context<'_>,
    source: &ExtensionSource<'_>,
    sources: &Sources,
    compiler: &Compiler,
) -> Result<CompiledExtension, Error> {
    let (root, tools) = (&context.project.root, context.tools);
    let key = cache_key::extension(context.base, compiler, source, sources)?;
    let digest = |file: &str| -> Result<Digest, Error> {
        let path = root.join(file);
        let bytes = fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
        Ok(Digest::compute(&bytes))
    };
    let has_same_headers = |found: &CompiledExtension| {
        let mut headers = found.headers.iter();
        headers.all(|(header, known)| digest(header).is_ok_and(|now| now == *known))
    };
    tools.cache.get_if_or(key, has_same_headers, || {
        let start = SystemTime::now();
        let made = compiler.compile(source, context.base, tools.progress);
        // The compiler reads the files by itself, so what it saw must be what is there before and after. What
        // it says of a file that was replaced meanwhile may be about no file that ever was.
        if !matches!(made, Err(pywasm_base::Error::Cancelled)) {
            for file in source.sources {
                let path = root.join(file);
                if was_saved_since(start, &path) || digest(file)? != Digest::compute(&sources.read(&path)?) {
                    return Err(Error::Changed(path));
                }
            }
        }
        let made = made.map_err(cancelled)?;
        let mut headers = BTreeMap::new();
        for header in made.headers {
            if was_saved_since(start, &root.join(&header)) {
                return Err(Error::Changed(root.join(header)));
            }
            let digest = digest(&header)?;
            headers.insert(header, digest);
        }
        Ok(CompiledExtension {
            wasm: made.wasm,
            headers,
        })
    })
}

/// Whether a file was written, or replaced, after `start`. The time of the change of its entry counts,
/// which no program can set; where there is none, its time of modification.
fn was_saved_since(start: SystemTime, path: &Path) -> bool {
    // A file system's clock can be a little slow.
    let start = start - Duration::from_millis(20);
    let Ok(metadata) = fs::metadata(path) else {
        return true;
    };
    #[cfg(unix)]
    let changed = {
        use std::os::unix::fs::MetadataExt as _;
        let seconds = u64::try_from(metadata.ctime()).unwrap_or_default();
        let nanoseconds = u32::try_from(metadata.ctime_nsec()).unwrap_or_default();
        Some(SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds))
    };
    #[cfg(not(unix))]
    let changed = metadata.modified().ok();
    changed.is_none_or(|changed| changed >= start)
}

fn cancelled(error: pywasm_base::Error) -> Error {
    match error {
        pywasm_base::Error::Cancelled => Error::Cancelled,
        error => Error::Extension(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_saved_is_found_whatever_its_time_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("number.h");
        let hour = Duration::from_secs(60 * 60);
        assert!(was_saved_since(SystemTime::now(), &path), "it is gone");
        fs::write(&path, "#define NUMBER 1").expect("written");
        let file = fs::File::options().append(true).open(&path).expect("opens");
        file.set_modified(SystemTime::now() - 2 * hour)
            .expect("sets the time");
        assert!(!was_saved_since(SystemTime::now() + hour, &path));
        #[cfg(unix)]
        assert!(was_saved_since(SystemTime::now() - hour, &path));
    }
}
