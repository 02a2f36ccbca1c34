//! Results on standard output: lines and JSON.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

/// The `--format` option of commands whose result has two forms.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Format {
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Choice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Choice {
    Text,
    Json,
}

impl Format {
    pub(crate) fn is_json(self) -> bool {
        self.format == Choice::Json
    }
}

/// The `--format` option of commands that CI runs.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct CiFormat {
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CiChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CiChoice {
    Text,
    Json,
    /// Annotations for GitHub Actions, and Markdown in GITHUB_STEP_SUMMARY
    Github,
}

impl CiFormat {
    pub(crate) fn is_json(self) -> bool {
        self.format == CiChoice::Json
    }

    pub(crate) fn is_github(self) -> bool {
        self.format == CiChoice::Github
    }
}

/// Prints one line. A reader that has gone, as in `pywasm graph | head`, is no error.
pub(crate) fn print_line(text: &str) -> anyhow::Result<()> {
    print(&format!("{text}\n"))
}

/// Prints a value as indented JSON.
pub(crate) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// Prints text that brings its own line ends.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
