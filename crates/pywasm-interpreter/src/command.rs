//! Describes one run of a program: what it may see, what stands in its memory, how it ended.

use std::path::PathBuf;

use pywasm_target::abi::export;

/// A host folder that the guest may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The folder on this machine.
    pub host: PathBuf,
    /// The path under which the guest sees it.
    pub guest: String,
    /// Whether the guest may write there.
    pub writable: bool,
}

/// Where the guest's standard input comes from.
#[derive(Clone, Debug, Default)]
pub enum Input {
    /// This process's own.
    #[default]
    Inherit,
    /// These bytes, then the end of the file.
    Bytes(Vec<u8>),
}

/// Where the guest's standard output and standard error go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// To this process's own.
    #[default]
    Inherit,
    /// Both to this process's own standard error.
    Errors,
    /// Nowhere: the first write ends the run, before it is made.
    End,
    /// Into [`Exit::stdout`] and [`Exit::stderr`], at most this many bytes each; what is more is
    /// an error to the guest.
    Capture(usize),
}

/// What stands in a program's memory before it starts, besides its own data. The same machine code
/// runs with any of it.
#[derive(Clone, Copy, Debug)]
pub enum Preset<'a> {
    /// Nothing.
    Nothing,
    /// A file system, behind the memory.
    Image(Image<'a>),
    /// A whole memory, as another run of the program left it.
    Memory(&'a [u8]),
}

/// One start of a program. The default sees nothing but the standard streams.
#[derive(Clone, Debug)]
pub struct Command {
    /// The export to call.
    pub function: String,
    /// `argv`, the program's name included.
    pub args: Vec<String>,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// Host folders.
    pub mounts: Vec<Mount>,
    /// Standard input.
    pub input: Input,
    /// Standard output and standard error.
    pub output: Output,
    /// How many bytes the memory may have, if there is a limit: what would need more fails in the guest.
    pub most_memory: Option<u64>,
    /// Whether a component may use the network. A module cannot: preview 1 has no way to connect.
    pub network: bool,
}

impl Default for Command {
    fn default() -> Self {
        Self {
            function: export::START.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            mounts: Vec::new(),
            input: Input::default(),
            output: Output::default(),
            most_memory: None,
            network: false,
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The exit code: what the guest gave to `proc_exit`, or 0 when it returned.
    pub code: u32,
    /// Captured standard output, empty when inherited.
    pub stdout: Vec<u8>,
    /// Captured standard error, empty when inherited.
    pub stderr: Vec<u8>,
}

/// Bytes to place behind a module's memory before it starts.
///
/// They come to stand where `pywasm_object::place` puts them. The machine code of a module
/// without its image fits all images, so it need not be compiled again for each.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    /// The exported global with the address of two words: for the image's address and length.
    pub export: &'a str,
    /// The image.
    pub bytes: &'a [u8],
}
