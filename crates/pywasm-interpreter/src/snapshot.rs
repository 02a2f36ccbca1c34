//! Describes an interpreter that has started and rehearsed its program: its memory, and where the
//! rehearsal stopped.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
};

/// A started interpreter, and how it came to be.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The whole memory.
    pub memory: Vec<u8>,
    /// Why the rehearsal stopped where it did. `None`: it did not run the program, or came to the
    /// end of what it may run.
    pub stop: Option<Notice>,
    /// The way back to an earlier state, where the snapshot relies on something.
    pub fallback: Option<Fallback>,
    /// The modules in the snapshot, as the guest listed them.
    pub modules: Vec<String>,
    /// Bytes of the heap that are in use.
    pub live_bytes: u64,
    /// Bytes of the heap.
    pub heap_bytes: u64,
    /// What is in the heap, where the guest can tell.
    pub objects: Option<ObjectList>,
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
            .field("stop", &self.stop)
            .field("fallback", &self.fallback)
            .field("modules", &self.modules)
            .field("live_bytes", &self.live_bytes)
            .field("heap_bytes", &self.heap_bytes)
            .field("stdout", &String::from_utf8_lossy(&self.stdout))
            .field("stderr", &String::from_utf8_lossy(&self.stderr))
            .finish_non_exhaustive()
    }
}

/// The objects in a heap, as the guest has written them. `docs/internals/snapshot-protocol.md` has the
/// form; nothing of it is checked.
#[derive(Clone, PartialEq, Eq)]
pub struct ObjectList {
    /// The records of objects, one after the other.
    pub words: Vec<u32>,
    /// The names of modules, then those of kinds, each with a zero behind it.
    pub names: Vec<u8>,
    /// How many of the names are those of modules.
    pub modules: u32,
    /// How many are those of kinds.
    pub kinds: u32,
}

/// Says which reads a snapshot may hold.
pub trait Rehearsal: Send + Sync + 'static {
    /// Judges what the program has asked for or done. `renewed` are the standard library modules
    /// that the guest brings up to date each time it starts.
    fn judge(&self, notice: &Notice, renewed: &BTreeSet<String>) -> Verdict;

    /// The variables that the program is expected to find in its environment. It finds no others.
    fn environment(&self) -> &BTreeMap<String, String>;

    /// What the guest renews at each start beyond what it knows itself.
    fn renewals(&self) -> &[Renewal];
}

/// An attribute that each start renews, since a module has set it by the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The module.
    pub module: String,
    /// The dotted way to the attribute from the module on.
    pub attribute: String,
    /// The word for its value: `year` or `century`.
    pub value: &'static str,
}

/// What becomes of a read in a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The answer may stay as it was at build time.
    Hold,
    /// The answer stays where it is the same at the start; where it is not, the start falls back to
    /// the state before it. Only for a variable, a path that is not there and the question for a terminal.
    Assume,
    /// The program must not go on.
    Stop,
}

/// An answer that the rest of a rehearsal relies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// What the environment says of a variable.
    Variable {
        /// Its name.
        name: String,
        /// Its value; `None`: it is not set.
        value: Option<String>,
    },
    /// No folder that the host mounts has this path.
    Missing(String),
    /// This standard stream (0, 1 or 2) is not a terminal.
    NoTerminal(u32),
}

/// The state before the first assumption, for starts at which one does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// What the program asked for first.
    pub first: Notice,
    /// What the rest of the rehearsal relies on, in the order of reading.
    pub assumptions: Vec<Assumption>,
    /// The modules in that state.
    pub modules: Vec<String>,
    /// The bytes in the memory that lead back to it, and the files that are there for it.
    pub bytes: u64,
    /// The addresses of those bytes.
    pub addresses: Range<u64>,
}

/// What the guest asked for, or did, while it was rehearsed.
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
    /// A path that is not there.
    Missing,
    /// Another use of a path of the host, or standard input.
    File,
    /// Text was written to standard output or standard error.
    Print,
    /// Whether a standard stream is a terminal.
    Terminal,
    /// A function that the component's world imports.
    Import,
    /// An exception that nobody caught.
    Exit,
}

impl NoticeKind {
    /// All of them, in the order of their words' first mention in the docs.
    pub const ALL: [Self; 10] = [
        Self::Clock,
        Self::Entropy,
        Self::Environment,
        Self::Argv,
        Self::Missing,
        Self::File,
        Self::Print,
        Self::Terminal,
        Self::Import,
        Self::Exit,
    ];

    /// The word for it in configuration and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Entropy => "entropy",
            Self::Environment => "environment",
            Self::Argv => "argv",
            Self::Missing | Self::File => "file",
            Self::Print => "print",
            Self::Terminal => "terminal",
            Self::Import => "import",
            Self::Exit => "exit",
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
    /// What the frame runs, if that is the body of a module.
    pub body: Option<ModuleBody>,
}

impl Frame {
    /// Whether it is one of the importer's.
    #[must_use]
    pub fn is_importer(&self) -> bool {
        self.file.starts_with("<frozen importlib._")
    }

    /// Whether it is one of what rehearses the program.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.file.starts_with("<frozen _pywasm")
    }
}

/// The standard streams, by their descriptors.
pub const STREAMS: [&str; 3] = ["stdin", "stdout", "stderr"];

/// The body of a module that is running.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleBody {
    /// The module's name.
    pub module: String,
    /// The step that it has come to: a place in its code from which it can go on later.
    pub step: u32,
    /// Whether it is in an import statement that can be made again from that step.
    pub is_importing: bool,
    /// Whether `__import__` is the one of the start, so that a module that is half imported can be
    /// imported again without anybody noticing.
    pub is_found_again: bool,
}
