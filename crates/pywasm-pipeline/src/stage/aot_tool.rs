//! Compilers of other engines, which the user has installed: a module in, the file that their
//! engine loads out. Their programs run in a folder of their own, which leaves with them.

use std::{
    env, fs, io,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use pywasm_engine::aot::{EngineInfo, FileInfo, NATIVE, RECORD_SCHEMA, Record, host_target};

use crate::{Error, Observer};

/// How often a running compiler is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// How many of the last lines of a compiler an error shows.
const TAIL: usize = 15;

/// The module's name in the folder of a compiler.
const INPUT: &str = "module.wasm";

/// The compilers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// WasmEdge, through LLVM.
    Wasmedge,
    /// Wasmer.
    Wasmer,
}

/// A compiler that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    kind: Kind,
    program: &'static str,
    /// What stands before the names of the files.
    command: &'static [&'static str],
    version: String,
}

/// A compiler that is not installed, or does not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Absent {
    #[error("there is no `{}` on the PATH", .0.name())]
    NotThere(Kind),
    #[error("`{program} --version` says no version")]
    NoVersion { kind: Kind, program: &'static str },
}

impl Absent {
    pub(crate) fn hint(&self) -> &'static str {
        let (Self::NotThere(kind) | Self::NoVersion { kind, .. }) = self;
        match kind {
            Kind::Wasmedge => "on Debian, `apt install wasmedge` (trixie or later) brings it",
            Kind::Wasmer => {
                "take `wasmer` from its project's releases, or build it with \
                 `cargo install wasmer-cli --features cranelift`"
            }
        }
    }
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Wasmedge, Self::Wasmer];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Wasmedge => "wasmedge",
            Self::Wasmer => "wasmer",
        }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }

    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Wasmedge => env::consts::DLL_EXTENSION,
            Self::Wasmer => "wasmu",
        }
    }
}

impl Tool {
    /// Looks for a compiler on the PATH.
    pub(crate) fn find(kind: Kind) -> Result<Self, Absent> {
        let (program, command): (_, &[&str]) = match kind {
            Kind::Wasmedge if answers("wasmedge", &["compile", "--help"]) => ("wasmedge", &["compile"]),
            // Until 0.13 the compiler was a program of its own.
            Kind::Wasmedge => ("wasmedgec", &[]),
            Kind::Wasmer => ("wasmer", &["compile", "-o"]),
        };
        let output = Command::new(program)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .map_err(|_| Absent::NotThere(kind))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let first = said.lines().next().unwrap_or_default();
        let version = first
            .split_whitespace()
            .next_back()
            .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        match version {
            Some(version) if output.status.success() => Ok(Self {
                kind,
                program,
                command,
                version: version.to_owned(),
            }),
            _ => Err(Absent::NoVersion { kind, program }),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.kind.name()
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn suffix(&self) -> &'static str {
        self.kind.suffix()
    }

    pub(crate) fn record_kind(&self) -> &'static str {
        match self.kind {
            Kind::Wasmedge => "wasmedge-record",
            Kind::Wasmer => "wasmer-record",
        }
    }

    pub(crate) fn record(&self, source: FileInfo, code: FileInfo) -> Record {
        Record {
            schema: RECORD_SCHEMA,
            engine: EngineInfo {
                name: self.name().to_owned(),
                version: self.version.clone(),
            },
            target: host_target(),
            cpu: NATIVE.to_owned(),
            cpu_features: pywasm_engine::aot::host_features()
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
        let files = match self.kind {
            Kind::Wasmedge => [input, output],
            Kind::Wasmer => [output, input],
        };
        let command = self.command.iter().map(|&word| word.to_owned());
        command.chain(files).collect()
    }

    fn output(&self) -> String {
        format!("module.{}", self.suffix())
    }

    /// Compiles `module`. When the user wants to stop, the compiler is stopped.
    pub(crate) fn compile(&self, module: &[u8], observer: &dyn Observer) -> Result<Vec<u8>, Error> {
        let folder = tempfile::Builder::new()
            .prefix("pywasm-aot-")
            .tempdir()
            .map_err(|error| Error::io("make a folder in", &env::temp_dir(), error))?;
        let at = |name: &str| folder.path().join(name);
        let (input, output, log) = (at(INPUT), at(&self.output()), at("log"));
        fs::write(&input, module).map_err(|error| Error::io("write", &input, error))?;
        let told = fs::File::create(&log).map_err(|error| Error::io("write", &log, error))?;
        let told_too = told
            .try_clone()
            .map_err(|error| Error::io("write", &log, error))?;
        let mut command = Command::new(self.program);
        command
            .args(self.args())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(told)
            .stderr(told_too);
        let status = wait(&mut command, observer).map_err(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                Error::Stopped
            } else {
                Error::io("run", Path::new(self.program), error)
            }
        })?;
        match (status.success(), fs::read(&output)) {
            (true, Ok(code)) if !code.is_empty() => Ok(code),
            _ => Err(Error::Tool {
                program: self.program,
                status: status.to_string(),
                tail: tail(&log),
            }),
        }
    }
}

fn answers(program: &str, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Waits for the end; an error of the kind `Interrupted` means that the user wants to stop.
fn wait(command: &mut Command, observer: &dyn Observer) -> io::Result<ExitStatus> {
    let mut child = command.spawn()?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if observer.stopped() {
            // It may have ended on its own by now.
            child.kill().ok();
            child.wait()?;
            return Err(io::ErrorKind::Interrupted.into());
        }
        thread::sleep(LOOK);
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    let from = lines.len().saturating_sub(TAIL);
    lines[from..]
        .iter()
        .map(|line| format!("\n    {}", line.trim_end()))
        .collect()
}
