//! Measures peak memory: a child process starts an artifact once and reads its own memory use.
//!
//! The child is a program that calls [`measure_memory`]. It reads its job as JSON from standard input
//! and writes two numbers to standard output.

use std::{
    ffi::OsString,
    io::{Read, Write as _},
    path::PathBuf,
    process::{self, ExitStatus, Stdio},
};

use pywasm_engine::{
    Command, Engine, Mount,
    bench::{self, BinaryKind, CodeFile},
};
use serde::{Deserialize, Serialize};

use crate::Error;

/// Two measurements of one process, in bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Memory {
    /// The peak before the artifact is loaded.
    pub idle: u64,
    /// The peak after the program has run.
    pub peak: u64,
}

/// The program that measures memory. It calls [`measure_memory`] with its standard input and prints the
/// result as JSON.
#[derive(Clone, Debug)]
pub struct MemoryProgram {
    /// Its path.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

/// What the child starts.
#[derive(Serialize, Deserialize)]
struct Job {
    kind: BinaryKind,
    code: PathBuf,
    call: Option<String>,
    args: Vec<String>,
    env: Vec<(String, String)>,
    /// Host folder, guest path, writable.
    mounts: Vec<(PathBuf, String, bool)>,
}

/// Lets a child process start the artifact once.
pub(crate) fn measure(
    program: &MemoryProgram,
    kind: BinaryKind,
    code: &CodeFile,
    command: &Command,
) -> Result<Memory, Error> {
    let job = Job {
        kind,
        code: code.path().to_owned(),
        call: code.call().map(str::to_owned),
        args: command.args.clone(),
        env: command.env.clone(),
        mounts: (command.mounts.iter())
            .map(|mount| (mount.host.clone(), mount.guest.clone(), mount.writable))
            .collect(),
    };
    let mut child = process::Command::new(&program.program)
        .args(&program.args)
        // Its error becomes the error of this process.
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Error::io("start pywasm once more to measure memory"))?;
    let job = serde_json::to_vec(&job)?;
    let written = child.stdin.take().map_or(Ok(()), |mut pipe| pipe.write_all(&job));
    let output = child
        .wait_with_output()
        .map_err(Error::io("wait for the process that measures memory"))?;
    if !output.status.success() {
        return Err(child_error(
            &String::from_utf8_lossy(&output.stderr),
            output.status,
        ));
    }
    written.map_err(Error::io("tell the process that measures memory what to do"))?;
    serde_json::from_slice(&output.stdout).map_err(Error::NoFigures)
}

/// Reads the child's standard error, as the command prints an error: the message, and a line with the
/// hint.
fn child_error(stderr: &str, status: ExitStatus) -> Error {
    let text = stderr.trim_end();
    let mut lines: Vec<&str> = text.strip_prefix("error: ").unwrap_or(text).lines().collect();
    let hint = lines
        .last()
        .and_then(|line| line.strip_prefix("hint: "))
        .map(str::to_owned);
    if hint.is_some() {
        lines.pop();
    }
    let message = if lines.is_empty() {
        format!("the process that measures memory ended with {status}")
    } else {
        lines.join("\n")
    };
    Error::Child { message, hint }
}

/// Reads a job, starts the artifact once, and measures how much memory this process has used.
///
/// # Errors
/// When there is no job, or the program fails.
pub fn measure_memory(job: impl Read) -> Result<Memory, Error> {
    let job: Job = serde_json::from_reader(job).map_err(Error::NoJob)?;
    let command = Command {
        args: job.args,
        env: job.env,
        mounts: (job.mounts.into_iter())
            .map(|(host, guest, writable)| Mount {
                host,
                guest,
                writable,
            })
            .collect(),
        ..Command::default()
    };
    let engine = Engine::new(None)?;
    // SAFETY: the parent wrote the file with the same program, into a folder that only this user can
    // write to.
    let code = unsafe { CodeFile::from_trusted_file(job.kind, job.code, job.call) };
    let subject = bench::BenchProgram::new(&engine, code, command)?;
    bench::on_guest_stack(|| {
        let idle = peak()?;
        subject.start(&engine)?;
        Ok::<_, Error>(Memory { idle, peak: peak()? })
    })?
}

/// Reads the largest resident set of this process so far, in bytes.
///
/// On Linux, a child inherits `ru_maxrss`, so the parent's memory would count. `VmHWM` starts again with
/// each program.
#[cfg(target_os = "linux")]
fn peak() -> Result<u64, Error> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(Error::io("read /proc/self/status"))?;
    status
        .lines()
        .find_map(|line| {
            let kib = line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?;
            kib.trim().parse::<u64>().ok()
        })
        .map(|kib| kib * 1024)
        .ok_or(Error::NoPeak)
}

/// Reads the largest resident set of this process so far, in bytes.
#[cfg(not(target_os = "linux"))]
fn peak() -> Result<u64, Error> {
    use nix::sys::resource::{UsageWho, getrusage};
    let most = getrusage(UsageWho::RUSAGE_SELF)
        .map_err(std::io::Error::from)
        .map_err(Error::io("ask for the memory of this process"))?
        .max_rss();
    // The unit is a byte on Apple's systems and a KiB on all others.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    Ok(u64::try_from(most).unwrap_or(0) * unit)
}
