//! `pywasm run`: a built module in, its output and exit code out.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use pywasm_engine::{Command, Engine, Mount, Program, aot::Trust};

use crate::{
    cli::Global,
    exit::{Exit, Usage},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm run dist/hello.wasm -- Ada
  pywasm run dist/wordcount.wasm.br --dir texts::/texts -- /texts/a.txt
  pywasm run dist/api.wasm --env LOG_LEVEL=debug
  pywasm run dist/hello.x86_64-unknown-linux-gnu.cwasm

A .cwasm file is machine code. It runs only when the .cwasm.json beside it matches the file,
this pywasm and this machine.

Nothing of this machine is visible to the program but its arguments, the standard
streams, clocks and entropy, and what --dir and --env name. The exit code is the
program's own; 134 when the module traps.";

/// The largest module that a `.br` file may unfold to, in bytes.
const LARGEST_MODULE: u64 = 1 << 30;

/// Run a built module under the embedded wasmtime
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A `.wasm`, `.wasm.br` or `.cwasm` file
    file: PathBuf,
    /// Run a .cwasm file that has no .cwasm.json: nothing can be checked then, and the file is
    /// machine code that can do whatever you can do on this machine
    #[arg(long)]
    trust: bool,
    /// Mount a folder of this machine; GUEST is HOST unless it is given
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    dirs: Vec<String>,
    /// Set an environment variable of the program
    #[arg(long = "env", value_name = "KEY=VALUE")]
    env: Vec<String>,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    args: Vec<String>,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let machine_code = options.file.extension().is_some_and(|end| end == "cwasm");
    if options.trust && !machine_code {
        return Err(Usage::mark(anyhow::anyhow!(
            "--trust is for .cwasm files\nhint: leave it out: a module needs no trust, since it sees only what it is given"
        )));
    }
    let wasm = if machine_code {
        None
    } else {
        Some(read_module(&options.file)?)
    };
    let command = Command {
        args: std::iter::once(program_name(options))
            .chain(options.args.iter().cloned())
            .collect(),
        env: options
            .env
            .iter()
            .map(|text| parse_variable(text))
            .collect::<anyhow::Result<_>>()?,
        mounts: options
            .dirs
            .iter()
            .map(|text| parse_mount(text))
            .collect::<anyhow::Result<_>>()?,
        ..Command::default()
    };
    let session = Session::new(global)?;
    let engine = session.engine()?;
    let name = options.file.display().to_string();
    let program = match load(&session, &engine, options, wasm.as_deref()) {
        Ok(program) => program,
        // It names the file itself.
        Err(error @ pywasm_engine::Error::Read { .. }) => return Err(error.into()),
        Err(error) => return Err(anyhow::Error::new(error).context(name)),
    };
    match program.run(&engine, &command) {
        Ok(exit) => Ok(Exit::Guest(u8::try_from(exit.code & 0xff).unwrap_or(u8::MAX))),
        Err(trap @ pywasm_engine::Error::Trap(_)) => {
            session.terminal.error(&anyhow::Error::new(trap).context(name));
            Ok(Exit::Guest(134))
        }
        Err(error) => Err(anyhow::Error::new(error).context(name)),
    }
}

/// The module's program, or that of the file of machine code.
fn load(
    session: &Session,
    engine: &Engine,
    options: &Options,
    wasm: Option<&[u8]>,
) -> Result<Program, pywasm_engine::Error> {
    match wasm {
        Some(wasm) => {
            let _progress = session.terminal.spinner("compiling the module");
            engine.load(wasm)
        }
        None if options.trust => engine.open(&options.file, Trust::Blind),
        None => engine.open(&options.file, Trust::Record),
    }
}

fn read_module(file: &PathBuf) -> anyhow::Result<Vec<u8>> {
    let name = file.display();
    let bytes = fs::read(file).with_context(|| format!("cannot read {name}"))?;
    let wasm = if file.extension().is_some_and(|end| end == "br") {
        pywasm_optimize::decompress(&bytes, LARGEST_MODULE)
            .with_context(|| format!("cannot decompress {name}"))?
    } else {
        bytes
    };
    if !wasm.starts_with(b"\0asm") {
        return Err(Usage::mark(anyhow::anyhow!(
            "{name} is no WebAssembly module\nhint: build one first, for example with `pywasm build app.py`"
        )));
    }
    Ok(wasm)
}

/// `argv[0]`: the file's name, without any folder of the host.
fn program_name(options: &Options) -> String {
    options
        .file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

pub(crate) fn parse_variable(text: &str) -> anyhow::Result<(String, String)> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(Usage::mark(anyhow::anyhow!(
            "--env {text}: this has no `KEY=`\nhint: write --env KEY=VALUE; nothing is taken over from the environment"
        ))),
    }
}

pub(crate) fn parse_mount(text: &str) -> anyhow::Result<Mount> {
    let (host, guest) = text.split_once("::").unwrap_or((text, text));
    if host.is_empty() || guest.is_empty() {
        return Err(Usage::mark(anyhow::anyhow!(
            "--dir {text}: a folder's name is empty\nhint: write --dir HOST::GUEST, such as --dir .::/work"
        )));
    }
    Ok(Mount {
        host: PathBuf::from(host),
        guest: guest.to_owned(),
        writable: true,
    })
}
