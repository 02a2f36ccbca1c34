//! Runs another program and its children as one group. In: a command. Out: its lines as they
//! come, its exit status, and the last lines of its errors. Stopping kills the whole group.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crate::error::{Error, IoContext as _};
use crate::progress::{self, Progress};

/// How many of the last lines an error shows.
pub const TAIL: usize = 15;

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its status.
    pub status: ExitStatus,
    /// The last lines of its standard error.
    pub tail: Vec<String>,
}

/// Runs `command` to its end; `line` gets each line of its standard output.
pub fn run(
    command: &mut Command,
    progress: &dyn Progress,
    line: &mut dyn FnMut(&str),
) -> Result<Ended, Error> {
    run_told(command, progress, line, &mut |_| {})
}

/// As [`run`], where `told` gets each line of its standard error.
pub fn run_told(
    command: &mut Command,
    progress: &dyn Progress,
    line: &mut dyn FnMut(&str),
    told: &mut dyn FnMut(&str),
) -> Result<Ended, Error> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // A group of its own: one signal reaches make, the compilers and all.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command.spawn().at("run", Path::new(command.get_program()))?;
    let mut group = Group(child);

    let (sender, receiver) = mpsc::channel();
    read_lines(group.0.stdout.take(), sender.clone(), Stream::Out);
    read_lines(group.0.stderr.take(), sender, Stream::Err);
    let mut tail = VecDeque::new();
    let mut ended = None;
    loop {
        match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok((Stream::Out, text)) => line(&text),
            Ok((Stream::Err, text)) => {
                told(&text);
                tail.push_back(text);
                if tail.len() > TAIL {
                    tail.pop_front();
                }
            }
            Err(RecvTimeoutError::Timeout) if ended.is_none() => {
                ended = group
                    .0
                    .try_wait()
                    .at("wait for", Path::new(command.get_program()))?;
                if ended.is_some() {
                    // What it left in the background would keep the pipes open.
                    group.kill();
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        progress::check(progress)?;
    }
    let status = match ended {
        Some(status) => status,
        None => group.0.wait().at("wait for", Path::new(command.get_program()))?,
    };
    Ok(Ended {
        status,
        tail: tail.into(),
    })
}

/// As [`run`], where failing is an error and nobody reads the output.
pub fn run_checked(command: &mut Command, progress: &dyn Progress) -> Result<(), Error> {
    let mut last = Vec::new();
    let ended = run(command, progress, &mut |line| {
        last.push(line.to_owned());
        if last.len() > TAIL {
            last.remove(0);
        }
    })?;
    if ended.status.success() {
        return Ok(());
    }
    Err(Error::Program {
        program: command.get_program().to_string_lossy().into_owned(),
        status: ended.status.to_string(),
        tail: if ended.tail.is_empty() { last } else { ended.tail },
    })
}

#[derive(Clone, Copy)]
enum Stream {
    Out,
    Err,
}

fn read_lines(pipe: Option<impl Read + Send + 'static>, sender: Sender<(Stream, String)>, stream: Stream) {
    let Some(pipe) = pipe else { return };
    // Ends when the pipe does, or when nobody listens any more.
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send((stream, text)).is_err() {
                return;
            }
        }
    });
}

/// A child and its group; both end with this value.
struct Group(Child);

impl Group {
    fn kill(&mut self) {
        // An error means that there is nobody left to kill.
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.0),
            rustix::process::Signal::KILL,
        );
        #[cfg(not(unix))]
        let _ = self.0.kill();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            self.kill();
            let _ = self.0.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::Quiet;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn lines_status_and_tail() {
        let mut lines = Vec::new();
        let ended = run(
            &mut shell("echo one; echo two; echo bad >&2; exit 3"),
            &Quiet,
            &mut |line| {
                lines.push(line.to_owned());
            },
        );
        let ended = ended.expect("runs");
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(ended.tail, ["bad"]);
        assert_eq!(ended.status.code(), Some(3));
    }

    #[test]
    fn failing_says_why() {
        let error = run_checked(&mut shell("echo bad >&2; exit 3"), &Quiet).expect_err("fails");
        assert_eq!(error.to_string(), "`sh` failed (exit status: 3):\n  bad");
        let error = run_checked(&mut Command::new("no-such-program-at-all"), &Quiet).expect_err("fails");
        assert_eq!(error.to_string(), "cannot run `no-such-program-at-all`");
    }

    #[test]
    fn a_background_child_does_not_hold_it_up() {
        let ended = run(&mut shell("sleep 600 & exit 1"), &Quiet, &mut |_| {}).expect("ends");
        assert_eq!(ended.status.code(), Some(1));
    }

    #[test]
    fn stopping_kills_the_grandchildren() {
        struct Stop(AtomicBool);
        impl Progress for Stop {
            fn cancelled(&self) -> bool {
                self.0.load(Ordering::SeqCst)
            }
        }
        let stop = Stop(AtomicBool::new(false));
        let dir = tempfile::tempdir().expect("a folder");
        let fifo = dir.path().join("fifo");
        assert!(
            Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .expect("runs")
                .success()
        );
        // Reads to the end of the grandchild, which holds the other end open.
        let path = fifo.clone();
        let reader = thread::spawn(move || std::fs::read(path));
        let script = format!(
            "sh -c 'exec 9>\"{}\"; echo ready; exec sleep 600'; :",
            fifo.display()
        );
        let result = run(&mut shell(&script), &stop, &mut |_| {
            stop.0.store(true, Ordering::SeqCst)
        });
        assert!(matches!(result, Err(Error::Cancelled)));
        assert_eq!(reader.join().expect("joined").expect("read"), b"");
    }
}
