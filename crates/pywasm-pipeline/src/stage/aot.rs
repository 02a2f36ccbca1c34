//! Compiles what is shipped ahead of time: for each requested machine a file of machine code, and a
//! record of what it was made from, with what and for what.

use std::collections::BTreeMap;

use pywasm_diagnostic::Diagnostic;
use pywasm_dist::{ArtifactKind, FileNames, NativeCompiler, OutputFile};
use pywasm_interpreter::{FileInfo, Machine, MachineCodeRecord, UnknownMachine};
use pywasm_project::{Project, Spanned, closest};
use pywasm_report::{Stage, StageRow};

use super::{StageLog, native::NativeTool, seal::Payload};
use crate::{Error, Tools, cache_key, context::Context};

/// The word for this machine, with all that its CPU has.
const HOST: &str = "host";

/// Whether a word of `aot` stands for the machine that the build runs on, so that another machine
/// compiles to something else.
#[must_use]
pub fn is_local_target(word: &str) -> bool {
    word == HOST || NativeCompiler::named(word).is_some()
}

/// What to compile the finished module to.
#[derive(Clone, Debug)]
pub enum Aot {
    /// wasmtime's machine code, for a machine.
    Wasmtime(Machine),
    /// What another engine's compiler makes of it, for this machine.
    Native(NativeTool),
}

impl Aot {
    /// What stands between the project's name and the suffix of the file.
    pub(crate) fn infix(&self) -> &str {
        match self {
            Self::Wasmtime(machine) => machine.target(),
            Self::Native(tool) => tool.compiler().name(),
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
            word => match NativeCompiler::named(word) {
                Some(compiler) if project.component.is_some() => Err(diagnostic_for(
                    asked,
                    "aot",
                    format!(
                        "`{}` compiles core modules only, and this project is a component",
                        compiler.name()
                    ),
                    "leave it out; `host` and target triples compile components, too".to_owned(),
                )),
                Some(compiler) => NativeTool::find(compiler).map(Aot::Native).map_err(|error| {
                    diagnostic_for(asked, "aot", error.to_string(), error.hint().to_owned())
                }),
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
        wrong.push(diagnostic_for(
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
        return diagnostic_for(asked, "aot", error.to_string(), hint);
    }
    let (asked, key) = match (error, cpu) {
        (UnknownMachine::Target(_), _) | (_, None) => (asked, "aot"),
        (_, Some(cpu)) => (cpu, "cpu"),
    };
    let mut choices = error.choices();
    if key == "aot" {
        choices.push(HOST);
        choices.extend(NativeCompiler::ALL.map(NativeCompiler::name));
    }
    let list = choices.join(", ");
    let hint = match closest(&asked.value, choices.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? There are {list}"),
        None => format!("there are {list}"),
    };
    diagnostic_for(asked, key, error.to_string(), hint)
}

/// A diagnostic about a key, or about the option of the same name.
fn diagnostic_for(asked: &Spanned<String>, key: &str, message: String, hint: String) -> Diagnostic {
    let option = if asked.place.is_none() { "--" } else { "" };
    let mut diagnostic = Diagnostic::new(format!("`{option}{key}`: {message}")).with_hint(hint);
    diagnostic.location = asked.place.clone();
    diagnostic
}

/// The files for all of `wanted`.
pub(crate) fn run(
    context: &Context<'_>,
    payload: &Payload,
    wanted: &[Aot],
    log: &mut StageLog<'_>,
) -> Result<Vec<OutputFile>, Error> {
    let names = FileNames::new(&context.project.name);
    let module = payload.bytes();
    let source = FileInfo::new(&names.module(), module);
    let mut files = Vec::new();
    for aot in wanted {
        let stage = Stage::Aot.for_target(aot.infix());
        let code = log.time_as(&stage, || match aot {
            Aot::Wasmtime(machine) => compile_cached(module, machine, context.tools),
            Aot::Native(tool) => compile_native_cached(module, tool, context.tools),
        })?;
        let (file, kind, record_kind) = match aot {
            Aot::Wasmtime(machine) => (
                names.machine_code(machine.target()),
                ArtifactKind::Cwasm,
                ArtifactKind::CwasmRecord,
            ),
            Aot::Native(tool) => (
                names.native_code(tool.compiler()),
                ArtifactKind::Native(tool.compiler()),
                ArtifactKind::NativeRecord(tool.compiler()),
            ),
        };
        let info = FileInfo::new(&file, &code);
        let record = match aot {
            Aot::Wasmtime(machine) => {
                MachineCodeRecord::new(context.tools.aot, machine, source.clone(), info)
            }
            Aot::Native(tool) => tool.record(source.clone(), info),
        };
        let row = StageRow::new(stage, module.len() as u64, code.len() as u64, record.code.sha256);
        log.add_row(row);
        let record_file = names.code_record(&file);
        files.push(OutputFile::new(file, kind, code));
        files.push(OutputFile::new(
            record_file,
            record_kind,
            record.to_json().into_bytes(),
        ));
    }
    Ok(files)
}

fn compile_cached(module: &[u8], machine: &Machine, tools: Tools<'_>) -> Result<Vec<u8>, Error> {
    let key = cache_key::aot(module, machine, tools.aot);
    tools
        .cache
        .get_or(key, || tools.aot.compile(module, machine).map_err(Error::Aot))
}

fn compile_native_cached(module: &[u8], tool: &NativeTool, tools: Tools<'_>) -> Result<Vec<u8>, Error> {
    tools.cache.get_or(cache_key::aot_native(module, tool), || {
        let _guard = tools.progress.guard();
        tool.compile(module, tools.progress)
    })
}
