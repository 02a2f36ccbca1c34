//! Describes an interpreter that has started: its memory, and what it asked for on the way.

use std::{collections::BTreeSet, fmt};

/// A started interpreter, and how it came to be.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The whole memory.
    pub memory: Vec<u8>,
    /// What the start asked of the world: in order, equal ones once. Descriptors that were
    /// still open at the end come last.
    pub notices: Vec<Notice>,
    /// Standard library modules that the guest brings up to date each time it starts.
    pub renewed: BTreeSet<String>,
    /// The modules in the snapshot, as the guest listed them.
    pub modules: Vec<String>,
    /// Bytes of the heap that are in use.
    pub live_bytes: u64,
    /// Bytes of the heap.
    pub heap_bytes: u64,
    /// The end of what was written to standard output.
    pub stdout: Vec<u8>,
    /// The end of what was written to standard error.
    pub stderr: Vec<u8>,
}

/// All but the bytes of the memory, which are too many to read.
impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Snapshot")
            .field("notices", &self.notices)
            .field("renewed", &self.renewed)
            .field("modules", &self.modules)
            .field("live_bytes", &self.live_bytes)
            .field("heap_bytes", &self.heap_bytes)
            .field("stdout", &String::from_utf8_lossy(&self.stdout))
            .field("stderr", &String::from_utf8_lossy(&self.stderr))
            .finish_non_exhaustive()
    }
}

/// What the guest asked for while it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// The time.
    Clock,
    /// Random bytes.
    Entropy,
    /// An environment variable, or all of them.
    Environment,
    /// The program's arguments.
    Argv,
    /// A file of the host, or standard input.
    File,
    /// A file that was still open at the end.
    Descriptor,
    /// Text was written to standard output or standard error.
    Print,
}

impl NoticeKind {
    /// All of them, in the order of their words' first mention in the docs.
    pub const ALL: [Self; 7] = [
        Self::Clock,
        Self::Entropy,
        Self::Environment,
        Self::Argv,
        Self::File,
        Self::Descriptor,
        Self::Print,
    ];

    /// The word for it in configuration and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Entropy => "entropy",
            Self::Environment => "environment",
            Self::Argv => "argv",
            Self::File => "file",
            Self::Descriptor => "descriptor",
            Self::Print => "print",
        }
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

/// One question, and the Python lines that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// What was asked for.
    pub kind: NoticeKind,
    /// More of it: the variable, the path, `stdin`, `stdout` or `stderr`, or the clock
    /// (`realtime`, `monotonic`, `process` or `thread`). Empty where there is no more.
    pub what: String,
    /// The Python stack, the innermost frame first. Empty while no Python runs.
    pub stack: Vec<Frame>,
}

/// A line of Python that was running.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame {
    /// The file as the guest names it: `/pywasm/app/x.py`, or `<frozen importlib._bootstrap>`.
    pub file: String,
    /// The line, counted from 1; 0 where it is not known.
    pub line: u32,
    /// The function's name.
    pub function: String,
}
