//! The base and the extension modules that the graph reaches in, one linked module out. Without
//! such a module, the base is what is linked, and there is no row.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pywasm_base::{Base, Compiler, ExtensionSource, Host};
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_host::Progress;
use pywasm_object::{InitTable, InitTableEntry, LINK_VERSION, LinkPlan, SideModule, link};
use pywasm_project::{Extension, Optimize, Project};
use pywasm_report::Stage;
use pywasm_resolve::ModuleGraph;
use serde::{Deserialize, Serialize};

use super::{StageLog, Tools, c_imports};
use crate::{
    Error, Observer,
    cache::{CacheKind, Key, Stored},
};

/// The list of extension modules in the base's runtime.
const LIST: &str = "pywasm_extensions";

/// Changes when the same sources would be compiled in another way.
const COMPILE_VERSION: u32 = 1;

/// What is shaken.
pub(crate) struct Linked<'a> {
    base: &'a Base,
    /// The base with the extension modules in it.
    module: Option<Vec<u8>>,
    digest: String,
    /// The project's headers that were compiled in.
    pub(crate) headers: BTreeMap<String, Digest>,
}

impl<'a> Linked<'a> {
    /// The base alone.
    fn base(base: &'a Base) -> Self {
        Self {
            base,
            module: None,
            digest: base.id().to_owned(),
            headers: BTreeMap::new(),
        }
    }

    /// What tells it from all others, for the keys of caches.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// The base it was made from.
    pub(crate) fn of(&self) -> &'a Base {
        self.base
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> Result<usize, Error> {
        let path = self.base.wasm();
        match &self.module {
            Some(module) => Ok(module.len()),
            None => fs::metadata(&path)
                .map(|data| usize::try_from(data.len()).unwrap_or(usize::MAX))
                .map_err(|error| Error::io("read", &path, error)),
        }
    }

    /// Its bytes.
    pub(crate) fn read(&self) -> Result<Cow<'_, [u8]>, Error> {
        let path = self.base.wasm();
        match &self.module {
            Some(module) => Ok(Cow::Borrowed(module)),
            None => fs::read(&path)
                .map(Cow::Owned)
                .map_err(|error| Error::io("read", &path, error)),
        }
    }
}

/// The extension modules as the resolver sees them: builtin modules, and what each imports.
pub(crate) fn known(project: &Project, base: &Base) -> Result<BTreeMap<String, Vec<String>>, Error> {
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
            let text = read_source(project, file)?;
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

/// Compiles and links what the graph reaches.
pub(crate) fn run<'a, G>(
    project: &Project,
    graph: &ModuleGraph,
    optimize: Optimize,
    tools: Tools<'a>,
    observer: &dyn Observer,
    log: &mut StageLog<'_>,
    guard: impl Fn() -> G,
) -> Result<Linked<'a>, Error> {
    let reached: Vec<&Extension> = project
        .extensions
        .iter()
        .filter(|extension| graph.modules.contains_key(&extension.name))
        .collect();
    let base = Linked::base(tools.base);
    if reached.is_empty() {
        return Ok(base);
    }
    let before = base.len()?;
    let linked = log.time(Stage::Link, || -> Result<_, Error> {
        let (plan, headers) = compile(project, &reached, optimize, tools, observer, &guard)?;
        let mut key = Key::new(CacheKind::Link, LINK_VERSION).text(tools.base.id());
        for side in &plan.modules {
            key = key.text(&side.name).bytes(&side.wasm);
        }
        let make = || link(&base.read()?, &plan).map_err(Error::Link);
        let module: Vec<u8> = tools.cache.get_or(key, make)?;
        Ok(Linked {
            digest: Digest::compute(&module).to_string(),
            module: Some(module),
            headers,
            ..base
        })
    })?;
    log.add_module(Stage::Link, before, &linked.read()?, Vec::new());
    Ok(linked)
}

/// Compiles the extensions and plans how they are linked; with the project's headers that they
/// include. `guard` is called before the compiler runs.
fn compile<G>(
    project: &Project,
    extensions: &[&Extension],
    optimize: Optimize,
    tools: Tools<'_>,
    observer: &dyn Observer,
    guard: impl Fn() -> G,
) -> Result<(LinkPlan, BTreeMap<String, Digest>), Error> {
    let progress = Stop(observer);
    let mut plan = LinkPlan::default();
    let mut records = Vec::new();
    let mut headers = BTreeMap::new();
    let _guard = guard();
    let compiler = Compiler::find(&Host::from_env()).map_err(stopped)?;
    for (module, extension) in extensions.iter().enumerate() {
        let source = ExtensionSource {
            name: &extension.name,
            root: &project.root,
            sources: &extension.sources,
            include_dirs: &extension.include_dirs,
            defines: &extension.defines,
            fast: is_fast(optimize),
        };
        let made = compile_cached(project, &source, &compiler, tools, &progress)?;
        headers.extend(made.headers);
        records.push(InitTableEntry {
            text: extension.name.clone(),
            module,
            function: source.function(),
        });
        plan.modules.push(SideModule {
            name: extension.name.clone(),
            wasm: made.wasm,
        });
    }
    plan.lists.push(InitTable {
        symbol: LIST.to_owned(),
        records,
    });
    Ok((plan, headers))
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

impl Stored for CompiledExtension {
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
    project: &Project,
    source: &ExtensionSource<'_>,
    compiler: &Compiler,
    tools: Tools<'_>,
    progress: &dyn Progress,
) -> Result<CompiledExtension, Error> {
    let mut key = Key::new(CacheKind::Extension, COMPILE_VERSION)
        .text(source.name)
        .text(tools.base.id())
        .text(compiler.version());
    for flag in source.flags() {
        key = key.text(&flag);
    }
    for file in source.sources {
        key = key.text(file).bytes(&read_source(project, file)?);
    }
    let has_same_headers = |found: &CompiledExtension| {
        found.headers.iter().all(|(header, digest)| {
            read_source(project, header).is_ok_and(|text| Digest::compute(&text) == *digest)
        })
    };
    tools.cache.get_if_or(key, has_same_headers, || {
        let made = compiler.compile(source, tools.base, progress).map_err(stopped)?;
        let mut headers = BTreeMap::new();
        for header in made.headers {
            let digest = Digest::compute(&read_source(project, &header)?);
            headers.insert(header, digest);
        }
        Ok(CompiledExtension {
            wasm: made.wasm,
            headers,
        })
    })
}

fn read_source(project: &Project, file: &str) -> Result<Vec<u8>, Error> {
    let path = project.root.join(file);
    fs::read(&path).map_err(|error| Error::io("read", &path, error))
}

/// Hands the wish to stop on.
struct Stop<'a>(&'a dyn Observer);

impl Progress for Stop<'_> {
    fn cancelled(&self) -> bool {
        self.0.stopped()
    }
}

fn stopped(error: pywasm_base::Error) -> Error {
    match error {
        pywasm_base::Error::Cancelled => Error::Stopped,
        error => Error::Extension(error),
    }
}
