//! The finished module and the machines to compile it for in; for each a file of machine code
//! and a record of what it was made from, with what and for what, out.

use std::collections::BTreeMap;

use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_engine::aot::{
    ENGINE_VERSION, FileInfo, Machine, PRECOMPILE_VERSION, Record, TARGETS, UnknownMachine, host_features,
    host_target, precompile,
};
use pywasm_project::{Project, Spanned, closest};
use pywasm_report::{Stage, StageRow};

use super::{
    StageLog,
    aot_tool::{self, Tool},
};
use crate::{
    Error, Observer,
    cache::{Cache, CacheKind, Key},
    dist::File,
};

/// The word for this machine, with all that its CPU has.
const HOST: &str = "host";

/// Whether a word of `aot` stands for the machine that the build runs on, so that another machine
/// compiles to something else.
#[must_use]
pub fn is_local_target(word: &str) -> bool {
    word == HOST || aot_tool::Kind::named(word).is_some()
}

/// What to compile the finished module to.
#[derive(Clone, Debug)]
pub enum Aot {
    /// wasmtime's machine code, for a machine.
    Wasmtime(Machine),
    /// What another engine's compiler makes of it, for this machine.
    Tool(Tool),
}

impl Aot {
    /// What stands between the project's name and the suffix of the file.
    pub(crate) fn infix(&self) -> &str {
        match self {
            Self::Wasmtime(machine) => machine.target(),
            Self::Tool(tool) => tool.name(),
        }
    }
}

/// What a project asks to be compiled ahead of time, sorted.
///
/// # Errors
/// When a target or a CPU has no name, or a compiler is not installed.
pub fn aot(project: &Project) -> Result<Vec<Aot>, pywasm_project::Error> {
    let mut wrong = Vec::new();
    let mut found: BTreeMap<String, Aot> = BTreeMap::new();
    let cpu = project.cpu.as_ref().map(|cpu| cpu.value.as_str());
    let (hosts, named): (Vec<_>, Vec<_>) = project.aot.iter().partition(|asked| asked.value == HOST);
    // Behind the others: the host's own CPU counts where the host is also named as a target.
    for asked in named.into_iter().chain(hosts) {
        let made = match asked.value.as_str() {
            HOST => Machine::host(cpu)
                .map(Aot::Wasmtime)
                .map_err(|error| unknown(asked, project.cpu.as_ref(), &error)),
            word => match aot_tool::Kind::named(word) {
                Some(kind) => Tool::find(kind)
                    .map(Aot::Tool)
                    .map_err(|error| told(asked, "aot", error.to_string(), error.hint().to_owned())),
                None => Machine::named(word, cpu)
                    .map(Aot::Wasmtime)
                    .map_err(|error| unknown(asked, project.cpu.as_ref(), &error)),
            },
        };
        match made {
            Ok(aot) => {
                found.insert(aot.infix().to_owned(), aot);
            }
            Err(diagnostic) if wrong.contains(&diagnostic) => {}
            Err(diagnostic) => wrong.push(diagnostic),
        }
    }
    let for_machines = found.values().any(|aot| matches!(aot, Aot::Wasmtime(_)));
    if let Some(cpu) = &project.cpu
        && cpu.place.is_none()
        && wrong.is_empty()
        && !for_machines
    {
        let hint = "add --aot, or --aot=TARGET".to_owned();
        wrong.push(told(
            cpu,
            "cpu",
            "there is no code to compile for it".to_owned(),
            hint,
        ));
    }
    if wrong.is_empty() {
        Ok(found.into_values().collect())
    } else {
        Err(pywasm_project::Error { diagnostics: wrong })
    }
}

fn unknown(asked: &Spanned<String>, cpu: Option<&Spanned<String>>, error: &UnknownMachine) -> Diagnostic {
    if matches!(error, UnknownMachine::NotIncluded(_)) {
        let hint = "install a pywasm that was built with `--features all-arch`".to_owned();
        return told(asked, "aot", error.to_string(), hint);
    }
    let (asked, key) = match (error, cpu) {
        (UnknownMachine::Target(_), _) | (_, None) => (asked, "aot"),
        (_, Some(cpu)) => (cpu, "cpu"),
    };
    let mut choices = error.choices();
    if key == "aot" {
        choices.push(HOST);
        choices.extend(aot_tool::Kind::ALL.map(aot_tool::Kind::name));
    }
    let list = choices.join(", ");
    let hint = match closest(&asked.value, choices.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? There are {list}"),
        None => format!("there are {list}"),
    };
    told(asked, key, error.to_string(), hint)
}

/// A diagnostic about a key, or about the option of the same name.
fn told(asked: &Spanned<String>, key: &str, message: String, hint: String) -> Diagnostic {
    let option = if asked.place.is_none() { "--" } else { "" };
    let mut diagnostic = Diagnostic::new(format!("`{option}{key}`: {message}")).with_hint(hint);
    diagnostic.location = asked.place.clone();
    diagnostic
}

/// The files for all of `wanted`. `guard` is called before another program starts; what it
/// returns lives until that has ended.
pub(crate) fn run<G>(
    module: &[u8],
    name: &str,
    wanted: &[Aot],
    cache: &Cache,
    observer: &dyn Observer,
    log: &mut StageLog<'_>,
    guard: impl Fn() -> G,
) -> Result<Vec<File>, Error> {
    let source = FileInfo::new(&format!("{name}.wasm"), module);
    let mut files = Vec::new();
    for aot in wanted {
        let stage = Stage::Aot.for_target(aot.infix());
        let code = log.time_as(&stage, || match aot {
            Aot::Wasmtime(machine) => wasmtime(module, machine, cache),
            Aot::Tool(tool) => run_tool(module, tool, cache, observer, &guard),
        })?;
        let (kind, record_kind, suffix) = match aot {
            Aot::Wasmtime(_) => ("cwasm", "cwasm-record", "cwasm"),
            Aot::Tool(tool) => (tool.name(), tool.record_kind(), tool.suffix()),
        };
        let file = format!("{name}.{}.{suffix}", aot.infix());
        let info = FileInfo::new(&file, &code);
        let record = match aot {
            Aot::Wasmtime(machine) => Record::new(machine, source.clone(), info),
            Aot::Tool(tool) => tool.record(source.clone(), info),
        };
        let row = StageRow::new(stage, module.len() as u64, code.len() as u64, record.code.sha256);
        log.add_row(row);
        files.push(File::new(file.clone(), kind, code));
        files.push(File::new(
            format!("{file}.json"),
            record_kind,
            record.to_json().into_bytes(),
        ));
    }
    Ok(files)
}

fn wasmtime(module: &[u8], machine: &Machine, cache: &Cache) -> Result<Vec<u8>, Error> {
    // The record holds all that the code depends on, so it is the key.
    let record = Record::new(machine, FileInfo::new("", module), FileInfo::new("", b""));
    let key = Key::new(CacheKind::Aot, PRECOMPILE_VERSION)
        .text(ENGINE_VERSION)
        .text(&record.to_json());
    cache.get_or(key, || precompile(module, machine).map_err(Error::Aot))
}

fn run_tool<G>(
    module: &[u8],
    tool: &Tool,
    cache: &Cache,
    observer: &dyn Observer,
    guard: impl Fn() -> G,
) -> Result<Vec<u8>, Error> {
    // These compilers make code for the machine that they run on; another one may share the cache.
    let features = host_features().unwrap_or_default();
    let key = Key::new(CacheKind::Aot, PRECOMPILE_VERSION)
        .text(tool.name())
        .text(tool.version())
        .text(&host_target())
        .text(&Digest::compute(module).to_string())
        .texts(features.iter().copied().collect::<Vec<_>>().into_iter());
    cache.get_or(key, || {
        let _guard = guard();
        tool.compile(module, observer)
    })
}

/// The names of all files that this stage can have written for a project.
pub(crate) fn all_names(project: &str) -> impl Iterator<Item = String> {
    let host = host_target();
    let targets = TARGETS
        .iter()
        .map(|target| (*target).to_owned())
        .filter(move |target| *target != host)
        .chain([host_target()])
        .map(|target| format!("{target}.cwasm"));
    let tools = aot_tool::Kind::ALL.map(|kind| format!("{}.{}", kind.name(), kind.suffix()));
    targets.chain(tools).flat_map(move |name| {
        let code = format!("{project}.{name}");
        let record = format!("{code}.json");
        [code, record]
    })
}
