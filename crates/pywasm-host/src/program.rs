//! Runs a program and its children as one group. Passes on the lines of its output as they come, and
//! returns its exit status and the last lines of its errors. Cancelling kills the whole group.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crate::progress::{Cancelled, Progress};

/// The number of lines that an error shows.
pub const TAIL: usize = 15;

/// Why a program did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system could not start the program or wait for it.
    #[error("cannot {action} `{program}`")]
    Io {
        /// What failed: "run" or "wait for".
        action: &'static str,
        /// The program.
        program: String,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The program failed.
    #[error("`{program}` failed ({status}):{}", tail.iter().map(|line| format!("\n  {line}")).collect::<String>())]
    Failed {
        /// The program.
        program: String,
        /// Its exit status.
        status: String,
        /// The last lines of its output.
        tail: Vec<String>,
    },
    /// The caller cancelled the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Error {
    fn io(action: &'static str, command: &Command) -> impl FnOnce(io::Error) -> Self {
        let program = name(command);
        move |source| Self::Io {
            action,
            program,
            source,
        }
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct ProgramEnd {
    /// Its status.
    pub status: ExitStatus,
    /// The last lines of its standard error.
    pub tail: Vec<String>,
}

/// Runs `command` to its end, and calls `line` for each line of its standard output.
///
/// # Errors
/// When the program cannot be started, or the caller cancels. A failure of the program itself is not
/// an error.
pub fn run(
    command: &mut Command,
    progress: &dyn Progress,
    line: &mut dyn FnMut(&str),
) -> Result<ProgramEnd, Error> {
    run_both(command, progress, line, &mut |_| {})
}

/// Like [`run`], and calls `error_line` for each line of its standard error.
///
/// # Errors
/// As for [`run`].
pub fn run_both(
    command: &mut Command,
    progress: &dyn Progress,
    line: &mut dyn FnMut(&str),
    error_line: &mut dyn FnMut(&str),
) -> Result<ProgramEnd, Error> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // In a group of its own, one signal reaches the program and everything that it started.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command.spawn().map_err(Error::io("run", command))?;
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
                error_line(&text);
                tail.push_back(text);
                if tail.len() > TAIL {
                    tail.pop_front();
                }
            }
            Err(RecvTimeoutError::Timeout) if ended.is_none() => {
                ended = group.0.try_wait().map_err(Error::io("wait for", command))?;
                if ended.is_some() {
                    // Processes in the background would keep the pipes open.
                    group.kill();
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        progress.check()?;
    }
    let status = match ended {
        Some(status) => status,
        None => group.0.wait().map_err(Error::io("wait for", command))?,
    };
    Ok(ProgramEnd {
        status,
        tail: tail.into(),
    })
}

/// Like [`run`], but ignores the output and fails if the program does.
///
/// # Errors
/// As for [`run`], and when the program fails.
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
    Err(Error::Failed {
        program: name(command),
        status: ended.status.to_string(),
        tail: if ended.tail.is_empty() { last } else { ended.tail },
    })
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

#[derive(Clone, Copy)]
enum Stream {
    Out,
    Err,
}

fn read_lines(pipe: Option<impl Read + Send + 'static>, sender: Sender<(Stream, String)>, stream: Stream) {
    let Some(pipe) = pipe else { return };
    // The thread ends with the pipe, or when the receiver is dropped.
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

/// A child and its group, which are killed when this value is dropped.
struct Group(Child);

impl Group {
    fn kill(&mut self) {
        // An error means that no process is left.
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
        assert!(matches!(result, Err(Error::Cancelled(_))));
        assert_eq!(reader.join().expect("joined").expect("read"), b"");
    }
}
