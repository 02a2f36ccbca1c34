//! The exit codes, in one place. `docs/reference/exit-codes.md` is their contract.

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
    /// 3: a budget is exceeded.
    Exceeded,
    /// 4: something that the program reaches cannot run on WASI.
    Unfit,
    /// 5: a release is not what it says it is.
    Unverified,
    /// The code of a guest program.
    Guest(u8),
}

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Exceeded => 3,
            Self::Unfit => 4,
            Self::Unverified => 5,
            Self::Guest(code) => code,
        }
    }

    /// How a command ends that did several things: a failure outweighs wrong configuration, and
    /// that any verdict on what was made.
    pub(crate) fn worse(self, other: Self) -> Self {
        let weight = |exit| match exit {
            Self::Fine => 0,
            Self::Failed => 3,
            Self::Usage => 2,
            Self::Exceeded | Self::Unfit | Self::Unverified | Self::Guest(_) => 1,
        };
        if weight(other) > weight(self) { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
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

impl pywasm_diagnostic::Explain for Usage {
    fn fault(&self) -> pywasm_diagnostic::Fault {
        pywasm_diagnostic::Fault::Usage
    }
}
