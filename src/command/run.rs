//! Runs a built module from a file or a registry: `pywasm run`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use pywasm::outputs;
use pywasm_dist::FileNames;
use pywasm_engine::{Command, ComponentProgram, Engine, Loaded, aot::Trust};
use pywasm_report::parse_size;

use crate::{
    cli::Global,
    command::{imports::ImportRecord, pull, world::World},
    exit::Exit,
    failure::CommandError,
    output,
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm run dist/hello.wasm -- Ada
  pywasm run dist/wordcount.wasm.br --dir texts::/texts -- /texts/a.txt
  pywasm run dist/api.wasm --env LOG_LEVEL=debug --max-memory 64MB
  pywasm run dist/hello.wasm --explain-imports    after pywasm build --profile dev
  pywasm run dist/shop.wasm --invoke 'price(\"apple\", 3)'
  pywasm run dist/hello.x86_64-unknown-linux-gnu.cwasm
  pywasm run oci://ghcr.io/ada/hello:1.0 -- Ada

pywasm checks a module from a registry against its digest and keeps it; --quiet omits the line
with the digest. With --offline a tag means the digest that it had when it was last pulled here.

A .cwasm file is machine code. It runs only if its .cwasm.json matches the file,
this pywasm and this machine.

The program sees nothing of this machine except its arguments, the standard
streams, clocks and entropy, and what --dir, --env and --network name. The exit code is the
program's own; 134 when the module traps.";

/// Run a built module under the embedded wasmtime
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A `.wasm`, `.wasm.br` or `.cwasm` file, or oci://HOST/NAME:TAG or oci://HOST/NAME@sha256:...
    file: PathBuf,
    /// Run a .cwasm file that has no .cwasm.json: nothing can be checked then, and the file is
    /// machine code that can do whatever you can do on this machine
    #[arg(long)]
    trust: bool,
    /// Print what the program imported and what it looked for in vain, to standard error after its
    /// end; only for builds of the profile `dev`
    #[arg(long)]
    explain_imports: bool,
    /// Call this function of a component, with values as WAVE writes them, and print its result
    #[arg(long, value_name = "CALL", conflicts_with = "args")]
    invoke: Option<String>,
    /// Let the program have at most this much memory, as 64MB: it raises MemoryError where it would
    /// need more
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    max_memory: Option<u64>,
    /// Let a component use the network: connect, listen and look up names
    #[arg(long)]
    network: bool,
    #[command(flatten)]
    world: World,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    args: Vec<String>,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let machine_code = options.file.extension().is_some_and(|end| end == "cwasm");
    if options.trust && !machine_code {
        return Err(CommandError::usage("--trust is for .cwasm files")
            .with_hint("leave it out: a module needs no trust, since it sees only what it is given")
            .into());
    }
    let (env, mut mounts) = (options.world.variables()?, options.world.mounts()?);
    let record = match options.explain_imports {
        true => Some(ImportRecord::new().context("cannot make a folder for the record of imports")?),
        false => None,
    };
    mounts.extend(record.as_ref().map(ImportRecord::mount));
    let session = Session::new(global)?;
    let Source { wasm, name, argument } = source(&session, &options.file, machine_code)?;
    let command = Command {
        args: std::iter::once(argument)
            .chain(options.args.iter().cloned())
            .collect(),
        env,
        mounts,
        most_memory: options.max_memory,
        network: options.network,
        ..Command::default()
    };
    let engine = session.engine()?;
    let program = match load(&session, &engine, options, wasm.as_deref()) {
        Ok(program) => program,
        // It names the file itself.
        Err(error @ pywasm_engine::Error::Read { .. }) => return Err(error.into()),
        Err(error) => return Err(anyhow::Error::new(error).context(name)),
    };
    let ended = match program {
        Loaded::Component(component) => run_component(&engine, options, &component, &command, &name)?,
        Loaded::Module(_) if options.invoke.is_some() => {
            return Err(CommandError::usage("--invoke is for components")
                .with_hint("a component is built from a project with a `[tool.pywasm.component]`")
                .into());
        }
        Loaded::Module(_) if options.network => {
            return Err(CommandError::usage("--network is for components")
                .with_hint("a module of preview 1 cannot connect; build a component with a `[tool.pywasm.component]`")
                .into());
        }
        Loaded::Module(program) => program.run(&engine, &command).map(|exit| exit.code),
    };
    if let Some(record) = record {
        explain(&session, &record)?;
    }
    match ended {
        Ok(code) | Err(pywasm_engine::Error::Exited(code)) => {
            Ok(Exit::Guest(u8::try_from(code & 0xff).unwrap_or(u8::MAX)))
        }
        Err(trap @ pywasm_engine::Error::Trap(_)) => {
            session.terminal.error(&anyhow::Error::new(trap).context(name));
            Ok(Exit::Guest(134))
        }
        Err(error) => Err(anyhow::Error::new(error).context(name)),
    }
}

/// Runs a component that is a command, or calls a function of one; gives the exit code.
fn run_component(
    engine: &Engine,
    options: &Options,
    component: &ComponentProgram,
    command: &Command,
    name: &str,
) -> anyhow::Result<Result<u32, pywasm_engine::Error>> {
    Ok(match &options.invoke {
        Some(call) => match component.invoke(engine, command, call) {
            Ok(result) => {
                result.map_or(Ok(()), |result| output::print_line(&result))?;
                Ok(0)
            }
            Err(error) => Err(error),
        },
        None if component.is_command(engine) => component.run(engine, command).map(|exit| exit.code),
        None => {
            return Err(
                CommandError::usage(format!("{name} is a component that is no command"))
                    .with_hint("call one of its functions with `--invoke 'NAME(ARGUMENTS)'`")
                    .into(),
            );
        }
    })
}

/// Prints what the program imported.
fn explain(session: &Session, record: &ImportRecord) -> anyhow::Result<()> {
    match record.read().context("cannot read the record of imports")? {
        Some(imports) => session.terminal.result(&imports.to_string()),
        None => session.terminal.warning(
            "this artifact keeps no record of its imports",
            Some("build it with `pywasm build --profile dev`, and run that"),
        ),
    }
    Ok(())
}

/// What is run.
struct Source {
    /// The module; none for a file of machine code.
    wasm: Option<Vec<u8>>,
    /// What messages call it.
    name: String,
    /// `argv[0]`: a file's name, without any folder of the host.
    argument: String,
}

fn source(session: &Session, file: &Path, machine_code: bool) -> anyhow::Result<Source> {
    if let Some(reference) = pull::reference(file) {
        let pulled = pull::pull(session, &reference?)?;
        session.terminal.note(&format!("runs {}", pull::which(&pulled)));
        return Ok(Source {
            name: pulled.reference.to_string(),
            argument: FileNames::new(pulled.reference.short_name()).module(),
            wasm: Some(pulled.module),
        });
    }
    Ok(Source {
        wasm: if machine_code {
            None
        } else {
            Some(outputs::read_program(file)?)
        },
        name: file.display().to_string(),
        argument: file
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
    })
}

/// What is in the file: a module or a component, perhaps as machine code.
fn load(
    session: &Session,
    engine: &Engine,
    options: &Options,
    wasm: Option<&[u8]>,
) -> Result<Loaded, pywasm_engine::Error> {
    match wasm {
        Some(wasm) => {
            let _progress = session.terminal.spinner("compiling the module");
            engine.load_any(wasm)
        }
        None if options.trust => engine.open(&options.file, Trust::Blind),
        None => engine.open(&options.file, Trust::Record),
    }
}
