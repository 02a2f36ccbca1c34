//! Runs compilers of other engines, which the user has installed. Each gives the file that its
//! engine loads. It runs in a folder of its own, which leaves with it.

use std::{cell::RefCell, collections::VecDeque, env, fs, path::Path, process::Command};

use pywasm_dist::NativeCompiler;
use pywasm_host::{
    Progress, Quiet, WorkFolder,
    program::{self, TAIL},
};
use pywasm_interpreter::{
    EngineInfo, FileInfo, MachineCodeRecord, NATIVE, RECORD_SCHEMA, host_features, host_target,
};

use crate::Error;

/// The module's name in the folder of a compiler.
const INPUT: &str = "module.wasm";

/// A compiler that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeTool {
    compiler: NativeCompiler,
    program: &'static str,
    /// What stands before the names of the files.
    command: &'static [&'static str],
    version: String,
}

/// A compiler that is not installed, or does not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Absent {
    #[error("there is no `{}` on the PATH", .0.name())]
    NotThere(NativeCompiler),
    #[error("`{program} --version` says no version")]
    NoVersion {
        compiler: NativeCompiler,
        program: &'static str,
    },
}

impl Absent {
    pub(crate) fn hint(&self) -> &'static str {
        let (Self::NotThere(compiler) | Self::NoVersion { compiler, .. }) = self;
        match compiler {
            NativeCompiler::Wasmedge => "on Debian, `apt install wasmedge` (trixie or later) brings it",
            NativeCompiler::Wasmer => {
                "take `wasmer` from its project's releases, or build it with \
                 `cargo install wasmer-cli --features cranelift`"
            }
        }
    }
}

impl NativeTool {
    /// Looks for a compiler on the PATH.
    pub(crate) fn find(compiler: NativeCompiler) -> Result<Self, Absent> {
        let (program, command): (_, &[&str]) = match compiler {
            NativeCompiler::Wasmedge if answers("wasmedge", &["compile", "--help"]) => {
                ("wasmedge", &["compile"])
            }
            // Until 0.13 the compiler was a program of its own.
            NativeCompiler::Wasmedge => ("wasmedgec", &[]),
            NativeCompiler::Wasmer => ("wasmer", &["compile", "-o"]),
        };
        let mut lines = Vec::new();
        let ended = program::run(Command::new(program).arg("--version"), &Quiet, &mut |line| {
            lines.push(line.to_owned());
        });
        let ended = ended.map_err(|_| Absent::NotThere(compiler))?;
        let version = lines
            .first()
            .and_then(|line| line.split_whitespace().next_back())
            .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        match version {
            Some(version) if ended.status.success() => Ok(Self {
                compiler,
                program,
                command,
                version: version.to_owned(),
            }),
            _ => Err(Absent::NoVersion { compiler, program }),
        }
    }

    pub(crate) fn compiler(&self) -> NativeCompiler {
        self.compiler
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn record(&self, source: FileInfo, code: FileInfo) -> MachineCodeRecord {
        MachineCodeRecord {
            schema: RECORD_SCHEMA,
            engine: EngineInfo {
                name: self.compiler.name().to_owned(),
                version: self.version.clone(),
            },
            target: host_target(),
            cpu: NATIVE.to_owned(),
            cpu_features: host_features()
                .unwrap_or_default()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            settings: [(
                "command".to_owned(),
                format!("{} {}", self.program, self.args().join(" ")),
            )]
            .into(),
            source,
            code,
        }
    }

    /// The arguments. The files have names without folders, since compilers write those into
    /// what they make; WasmEdge makes a library only where the name ends like one.
    fn args(&self) -> Vec<String> {
        let (input, output) = (INPUT.to_owned(), self.output());
        let files = match self.compiler {
            NativeCompiler::Wasmedge => [input, output],
            NativeCompiler::Wasmer => [output, input],
        };
        let command = self.command.iter().map(|&word| word.to_owned());
        command.chain(files).collect()
    }

    fn output(&self) -> String {
        format!("module.{}", self.compiler.suffix())
    }

    /// Compiles `module`. When the user wants to stop, the compiler and its children are stopped.
    pub(crate) fn compile(&self, module: &[u8], progress: &dyn Progress) -> Result<Vec<u8>, Error> {
        let folder =
            WorkFolder::create().map_err(|error| Error::io("make a folder in", &env::temp_dir(), error))?;
        let path = |name: &str| folder.path().join(name);
        let (input, output) = (path(INPUT), path(&self.output()));
        fs::write(&input, module).map_err(|error| Error::io("write", &input, error))?;
        let mut command = Command::new(self.program);
        command.args(self.args()).current_dir(folder.path());
        let last = RefCell::new(VecDeque::new());
        let keep = |line: &str| {
            let mut last = last.borrow_mut();
            last.push_back(line.to_owned());
            if last.len() > TAIL {
                last.pop_front();
            }
        };
        let ended = program::run_both(&mut command, progress, &mut |line| keep(line), &mut |line| {
            keep(line)
        });
        let ended = ended.map_err(|error| self.failed(error))?;
        match (ended.status.success(), fs::read(&output)) {
            (true, Ok(code)) if !code.is_empty() => Ok(code),
            _ => Err(Error::Tool {
                program: self.program,
                status: ended.status.to_string(),
                tail: indent_lines(last.take()),
            }),
        }
    }

    fn failed(&self, error: program::Error) -> Error {
        match error {
            program::Error::Cancelled(_) => Error::Cancelled,
            program::Error::Io { action, source, .. } => Error::io(action, Path::new(self.program), source),
            program::Error::Failed { status, tail, .. } => Error::Tool {
                program: self.program,
                status,
                tail: indent_lines(tail),
            },
        }
    }
}

fn answers(program: &str, args: &[&str]) -> bool {
    program::run(Command::new(program).args(args), &Quiet, &mut |_| {})
        .is_ok_and(|ended| ended.status.success())
}

/// Indents lines below a message.
fn indent_lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().map(|line| format!("\n    {line}")).collect()
}
