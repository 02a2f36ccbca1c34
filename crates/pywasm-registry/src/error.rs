//! Defines what can go wrong with a registry, each error with its reference or host, and with a hint
//! if there is one. No error contains a password or a token.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

use pywasm_diagnostic::{Explain, Fault};
use pywasm_digest::Digest;

/// An error of this crate. `Display` says what happened; [`Explain::hint`] says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text that is not a reference.
    #[error("`{text}` is not a reference to an artifact in a registry: {fault}")]
    Reference {
        /// The text.
        text: String,
        /// What is wrong with it.
        fault: String,
    },

    /// `publish` to a digest, or to nothing.
    #[error("an artifact is published under a tag, but {reference} has a digest")]
    TagNeeded {
        /// The reference as the user wrote it.
        reference: String,
    },

    /// Something has to be fetched or sent, but `--offline` forbids it.
    #[error("{reference} is not available with --offline: {reason}")]
    Offline {
        /// The reference as the user wrote it.
        reference: String,
        /// Why it is not available on this machine.
        reason: String,
    },

    /// The registry requires a login, or a different one.
    #[error("cannot {action} {reference}: {}", match login {
        Some(source) => format!("{host} rejects the login from {source}"),
        None => format!("{host} requires a login"),
    })]
    Unauthorized {
        /// `push` or `pull`.
        action: &'static str,
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
        /// Where the rejected login came from.
        login: Option<String>,
        /// A program that stores logins and does not exist.
        missing: Option<String>,
    },

    /// The registry accepts the login, but does not allow the action.
    #[error("cannot {action} {reference}: {host} does not allow it")]
    Denied {
        /// `push` or `pull`.
        action: &'static str,
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
    },

    /// The registry has no such thing.
    #[error("cannot {action} {reference}: {host} has no such {what}")]
    NotFound {
        /// `push` or `pull`.
        action: &'static str,
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
        /// `tag`, `manifest` or `module`.
        what: &'static str,
    },

    /// The bytes do not have the expected digest.
    #[error(
        "cannot pull {reference}: the {what} that {host} sends does not have the digest sha256:{expected}"
    )]
    WrongDigest {
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
        /// `manifest` or `module`.
        what: &'static str,
        /// The reference as the user wrote it.
        expected: Digest,
    },

    /// A manifest whose digest is not the one that the registry gives for it.
    #[error("cannot pull {reference}: {host} names a digest that its manifest does not have")]
    Contradiction {
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
    },

    /// The connection ended too soon.
    #[error("cannot {action} {reference}: the connection to {host} was lost{}", match progress {
        Some((done, total)) => format!(" after {done} of {total} bytes"),
        None => String::new(),
    })]
    Cut {
        /// `push` or `pull`.
        action: &'static str,
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
        /// Bytes that came, of how many.
        progress: Option<(u64, u64)>,
    },

    /// No connection, or no TLS.
    #[error("cannot {action} {reference}: no connection to {host}{} ({reason})", if *tls { " over TLS" } else { "" })]
    Connect {
        /// `push` or `pull`.
        action: &'static str,
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
        /// Whether TLS was spoken.
        tls: bool,
        /// The innermost cause.
        reason: String,
    },

    /// Nothing came for too long.
    #[error("cannot {action} {reference}: {host} does not answer")]
    Silent {
        /// `push` or `pull`.
        action: &'static str,
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
    },

    /// An answer that the protocol does not allow here.
    #[error("cannot {action} {reference}: {host} answered {answer}")]
    Answer {
        /// `push` or `pull`.
        action: &'static str,
        /// The reference as the user wrote it.
        reference: String,
        /// The registry.
        host: String,
        /// The status, or what is wrong with the answer.
        answer: String,
    },

    /// The artifact is not a module that can be run.
    #[error("cannot pull {reference}: {fault}")]
    NotAModule {
        /// The reference as the user wrote it.
        reference: String,
        /// What is wrong with it.
        fault: String,
    },

    /// The login cannot be read.
    #[error("cannot read the login for {host} from {place}: {fault}")]
    Login {
        /// The registry.
        host: String,
        /// A file, a program or a variable.
        place: String,
        /// What is wrong, without any secret.
        fault: String,
    },

    /// The HTTP client does not start.
    #[error("cannot start the registry client: {0}")]
    Client(String),

    /// The operating system refused something.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// A verb: "read", "create", ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// The caller's [`Progress::cancelled`](pywasm_host::Progress::cancelled) said so.
    #[error("stopped")]
    Cancelled,
}

impl Error {
    /// Gives an operating system's error the path that it is about.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

impl Explain for Error {
    fn hint(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Reference { .. } => "write oci://HOST/NAME:TAG or oci://HOST/NAME@sha256:DIGITS".into(),
            Self::TagNeeded { .. } => "write oci://HOST/NAME:TAG; `publish` prints the digest".into(),
            Self::Offline { .. } => "run the command once without --offline; pywasm keeps what it pulls".into(),
            Self::Unauthorized { host, missing, .. } => {
                let missing = missing.as_ref().map(|program| {
                    format!("{program}, which stores the logins, is not on the PATH; ")
                });
                format!(
                    "{}log in with `docker login {host}`, or set PYWASM_REGISTRY_USER and PYWASM_REGISTRY_PASSWORD",
                    missing.unwrap_or_default()
                )
                .into()
            }
            Self::Denied { .. } => "use a login that is allowed to do this; a token needs the right to read or write packages".into(),
            Self::NotFound { what: "tag", .. } => {
                "check the name and the tag, and log in if the artifact is private; some registries give this answer to anyone who is not logged in".into()
            }
            Self::NotFound { .. } => "publish the artifact again".into(),
            Self::WrongDigest { .. } | Self::Contradiction { .. } => {
                "publish the artifact again and use the new digest; either the registry's storage is damaged, or something changes the data in transit".into()
            }
            Self::Cut { .. } => "try again; what was transferred completely is not sent twice".into(),
            Self::Connect { tls: true, .. } => {
                "check the name and the port, and give the registry a certificate; pywasm always uses TLS, except for registries on this machine (localhost, 127.0.0.0/8, [::1])".into()
            }
            Self::Connect { .. } => "check the port, and whether the registry is running; pywasm uses plain HTTP for registries on this machine".into(),
            Self::Silent { .. } => "try again later, or check the network".into(),
            Self::Login { .. } => "log in again with `docker login`, or set PYWASM_REGISTRY_USER and PYWASM_REGISTRY_PASSWORD".into(),
            Self::Client(_) => "install ca-certificates; TLS needs the certificates of the system".into(),
            Self::Answer { answer, .. } if answer.starts_with("429") => {
                "try again later, or log in; the registry limits how often it answers".into()
            }
            _ => return None,
        })
    }

    fn fault(&self) -> Fault {
        match self {
            Self::Reference { .. } | Self::TagNeeded { .. } => Fault::Usage,
            _ => Fault::Work,
        }
    }
}
