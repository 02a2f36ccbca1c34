//! The exit codes, in one place. `docs/exit-codes.md` is their contract.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done.
    Fine,
    /// 1: the build, or what else was asked for, failed.
    Failed,
    /// 2: wrong usage or configuration.
    Usage,
    /// 4: something that the program reaches cannot run on WASI.
    Unfit,
    /// The code of a guest program.
    Guest(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Unfit => 4,
            Exit::Guest(code) => code,
        })
    }
}

/// An error that is the caller's to mend: it ends with [`Exit::Usage`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Usage(#[from] pub(crate) anyhow::Error);

impl Usage {
    /// Marks an error as one of usage or configuration.
    pub(crate) fn mark(error: impl Into<anyhow::Error>) -> anyhow::Error {
        anyhow::Error::new(Self(error.into()))
    }
}
