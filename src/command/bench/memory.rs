//! Peak memory: a child process of its own that starts an artifact once and looks at itself.
//!
//! The child is `pywasm bench` with a hidden option; its job comes as JSON on standard input, and
//! two numbers go back on standard output.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{self, Stdio},
};

use anyhow::Context as _;
use pywasm_engine::{
    Command, Engine, Mount,
    bench::{self, Code, Kind},
};
use serde::{Deserialize, Serialize};

use crate::{exit::Exit, output};

/// Two readings of one process, in bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Memory {
    /// The peak before the artifact was touched.
    pub(super) idle: u64,
    /// The peak when it had run.
    pub(super) peak: u64,
}

/// What the child is to start.
#[derive(Serialize, Deserialize)]
struct Job {
    kind: Kind,
    code: PathBuf,
    args: Vec<String>,
    env: Vec<(String, String)>,
    /// Host folder, guest path, writable.
    mounts: Vec<(PathBuf, String, bool)>,
}

/// Lets a child start the artifact once.
pub(super) fn measure(kind: Kind, code: &Path, command: &Command) -> anyhow::Result<Memory> {
    let job = Job {
        kind,
        code: code.to_owned(),
        args: command.args.clone(),
        env: command.env.clone(),
        mounts: (command.mounts.iter())
            .map(|mount| (mount.host.clone(), mount.guest.clone(), mount.writable))
            .collect(),
    };
    let program = std::env::current_exe().context("cannot find the pywasm program itself")?;
    let mut child = process::Command::new(program)
        .args(["bench", "--memory-child"])
        // What it says is told on.
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start pywasm once more to measure memory")?;
    let job = serde_json::to_vec(&job)?;
    let written = child.stdin.take().map_or(Ok(()), |mut pipe| pipe.write_all(&job));
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        let told = told.trim_end();
        let told = told.strip_prefix("error: ").unwrap_or(told);
        if told.is_empty() {
            anyhow::bail!("the process that measures memory ended with {}", output.status);
        }
        anyhow::bail!("{}", told.to_owned());
    }
    written.context("cannot tell the process that measures memory what to do")?;
    serde_json::from_slice(&output.stdout).context("the process that measures memory gave no figures")
}

/// The child's side.
pub(super) fn child() -> anyhow::Result<Exit> {
    let job: Job = serde_json::from_reader(io::stdin().lock())
        .context("`pywasm bench` uses this option by itself, with a job on standard input")?;
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
    // SAFETY: the parent made the file with the same program, in a folder that only this user
    // can write to.
    let code = unsafe { Code::trusted(job.kind, job.code) };
    let subject = bench::Subject::new(&engine, code, command)?;
    let memory = bench::on_guest_stack(|| {
        let idle = peak()?;
        subject.start(&engine)?;
        Ok::<_, anyhow::Error>(Memory { idle, peak: peak()? })
    })??;
    output::print_json(&memory)?;
    Ok(Exit::Fine)
}

/// The largest resident set of this process so far, in bytes.
///
/// Linux hands a process's `ru_maxrss` down to what it starts, so that the parent's memory would
/// be counted here; `VmHWM` begins anew with each program.
#[cfg(target_os = "linux")]
fn peak() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("cannot read /proc/self/status")?;
    status
        .lines()
        .find_map(|line| {
            let kib = line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?;
            kib.trim().parse::<u64>().ok()
        })
        .map(|kib| kib * 1024)
        .context("/proc/self/status has no VmHWM")
}

/// The largest resident set of this process so far, in bytes.
#[cfg(not(target_os = "linux"))]
fn peak() -> anyhow::Result<u64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let most = getrusage(UsageWho::RUSAGE_SELF)?.max_rss();
    // Apple counts in bytes, all others in KiB.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    Ok(u64::try_from(most).unwrap_or(0) * unit)
}
