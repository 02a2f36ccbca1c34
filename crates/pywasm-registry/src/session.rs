//! Opens a session with a registry: a client that is logged in. Turns failures of the client into
//! errors with hints.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use oci_client::{
    Client, Reference as OciReference, RegistryOperation,
    client::{ClientConfig, ClientProtocol},
    errors::{OciDistributionError as Failed, OciEnvelope, OciErrorCode},
};
use tokio::runtime::{Builder, Runtime};

use pywasm_host::Progress;

use crate::{
    Error, Reference, challenge,
    credentials::{self, Login},
};

const USER_AGENT: &str = concat!("pywasm/", env!("CARGO_PKG_VERSION"));
const CONNECT: Duration = Duration::from_secs(15);
/// How long the other side may stay silent.
const SILENCE: Duration = Duration::from_secs(60);
/// A transfer may be slow; one that stands still ends much earlier.
pub(crate) const LONGEST_TRANSFER: Duration = Duration::from_secs(24 * 60 * 60);
/// How often cancellation is checked.
const TICK: Duration = Duration::from_millis(100);
/// How many characters of a registry's own message are shown.
const LONGEST_ANSWER: usize = 200;

/// A connection to a registry for one action.
pub(crate) struct Session<'a> {
    pub(crate) client: Client,
    pub(crate) reference: &'a Reference,
    pub(crate) progress: &'a dyn Progress,
    action: &'static str,
    login: Login,
    runtime: Option<Runtime>,
}

/// Why a request has no result.
pub(crate) enum Failure {
    Cancelled,
    Late,
    Client(Failed),
}

impl<'a> Session<'a> {
    /// Opens the session. Finds the login and tries it, if the registry issues tokens.
    pub(crate) fn open(
        action: &'static str,
        reference: &'a Reference,
        progress: &'a dyn Progress,
    ) -> Result<Self, Error> {
        let login = credentials::find(reference.host())?;
        let client = Client::try_from(config(reference)).map_err(|error| Error::Client(root(&error)))?;
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::Client(error.to_string()))?;
        let session = Self {
            client,
            reference,
            progress,
            action,
            login,
            runtime: Some(runtime),
        };
        session.log_in()?;
        Ok(session)
    }

    fn log_in(&self) -> Result<(), Error> {
        let clear = self.ask("tag", async {
            let mut client = reqwest::Client::builder()
                .connect_timeout(CONNECT)
                .read_timeout(SILENCE)
                .user_agent(USER_AGENT);
            if self.reference.is_loopback() {
                client = client.no_proxy();
            }
            Ok(challenge::find_plain_realm(client.build()?, self.reference).await?)
        })?;
        if let Some(realm) = clear {
            return Err(self.answer(format!(
                "with {realm} as the address for logins, but pywasm sends no login without TLS"
            )));
        }
        let image = self.reference.to_oci();
        let operations: &[_] = match self.action {
            "push" => &[RegistryOperation::Pull, RegistryOperation::Push],
            _ => &[RegistryOperation::Pull],
        };
        for operation in operations {
            let asked = self.client.auth(&image, &self.login.auth, *operation);
            let token = self
                .drive(asked, SILENCE)
                .map_err(|failure| self.explain(failure, "tag"))?;
            // The client would put it into a header unchanged.
            if token.is_some_and(|token| !credentials::is_token(&token)) {
                return Err(self.answer("with a malformed token".to_owned()));
            }
        }
        Ok(())
    }

    /// The reference in the client's type.
    pub(crate) fn image(&self) -> OciReference {
        self.reference.to_oci()
    }

    /// Waits until the work ends, the user cancels it, or it takes too long.
    pub(crate) fn drive<T>(
        &self,
        work: impl Future<Output = Result<T, Failed>>,
        at_most: Duration,
    ) -> Result<T, Failure> {
        let Some(runtime) = &self.runtime else {
            return Err(Failure::Cancelled);
        };
        let begin = Instant::now();
        runtime.block_on(async {
            let mut work = pin!(work);
            loop {
                match tokio::time::timeout(TICK, work.as_mut()).await {
                    Ok(result) => return result.map_err(Failure::Client),
                    Err(_) if self.progress.cancelled() => return Err(Failure::Cancelled),
                    Err(_) if begin.elapsed() > at_most => return Err(Failure::Late),
                    Err(_) => {}
                }
            }
        })
    }

    /// Drives a small request, whose answer is a few lines.
    pub(crate) fn ask<T>(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<T, Failed>>,
    ) -> Result<T, Error> {
        self.drive(work, SILENCE)
            .map_err(|failure| self.explain(failure, what))
    }

    /// The error for a failure while `what` was requested.
    pub(crate) fn explain(&self, failure: Failure, what: &'static str) -> Error {
        let (action, reference, host) = (self.action, self.reference.to_string(), self.host());
        let silent = Error::Silent {
            action,
            reference: reference.clone(),
            host: host.clone(),
        };
        match failure {
            Failure::Cancelled => Error::Cancelled,
            Failure::Late => silent,
            Failure::Client(Failed::AuthenticationFailure(_) | Failed::UnauthorizedError { .. }) => {
                self.status(401, "", what)
            }
            Failure::Client(Failed::RegistryError { envelope, .. }) => self.envelope(&envelope, 400, what),
            Failure::Client(Failed::ServerError { code, message, .. }) => {
                match serde_json::from_str::<OciEnvelope>(&message) {
                    Ok(envelope) => self.envelope(&envelope, code, what),
                    Err(_) => self.status(code, "", what),
                }
            }
            Failure::Client(Failed::DigestError(_)) => Error::Contradiction { reference, host },
            Failure::Client(Failed::RequestError(error)) => match error.status() {
                Some(status) => self.status(status.as_u16(), "", what),
                None if error.is_timeout() => silent,
                None if error.is_connect() => Error::Connect {
                    action,
                    reference,
                    host,
                    tls: !self.reference.is_loopback(),
                    reason: plain(&root(&error)),
                },
                None if error.is_redirect() => self.answer("with too many redirects".to_owned()),
                None => self.cut(None),
            },
            // The error's text may quote what the registry sent.
            Failure::Client(Failed::SpecViolationError(_)) => {
                self.answer("in a way that the protocol does not allow".to_owned())
            }
            Failure::Client(_) => self.answer("in a way that pywasm does not understand".to_owned()),
        }
    }

    fn envelope(&self, envelope: &OciEnvelope, status: u16, what: &'static str) -> Error {
        let Some(first) = envelope.errors.first() else {
            return self.status(status, "", what);
        };
        let status = match first.code {
            OciErrorCode::Unauthorized => 401,
            OciErrorCode::Denied => 403,
            OciErrorCode::ManifestUnknown
            | OciErrorCode::NameUnknown
            | OciErrorCode::NotFound
            | OciErrorCode::BlobUnknown => 404,
            OciErrorCode::Toomanyrequests => 429,
            _ => status,
        };
        self.status(status, &first.message, what)
    }

    fn status(&self, status: u16, message: &str, what: &'static str) -> Error {
        let (action, reference, host) = (self.action, self.reference.to_string(), self.host());
        match status {
            401 => Error::Unauthorized {
                action,
                reference,
                host,
                login: self.login.source.clone(),
                missing: self.login.missing.clone(),
            },
            403 => Error::Denied {
                action,
                reference,
                host,
            },
            404 => Error::NotFound {
                action,
                reference,
                host,
                what,
            },
            _ if message.is_empty() => self.answer(status.to_string()),
            _ => self.answer(format!("{status} ({})", plain(message))),
        }
    }

    /// The error for a lost connection, with the progress of a transfer.
    pub(crate) fn cut(&self, progress: Option<(u64, u64)>) -> Error {
        Error::Cut {
            action: self.action,
            reference: self.reference.to_string(),
            host: self.host(),
            progress,
        }
    }

    fn answer(&self, answer: String) -> Error {
        Error::Answer {
            action: self.action,
            reference: self.reference.to_string(),
            host: self.host(),
            answer,
        }
    }

    fn host(&self) -> String {
        self.reference.host().to_owned()
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // A name lookup that hangs must not delay the end.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn config(reference: &Reference) -> ClientConfig {
    let mut config = ClientConfig {
        protocol: ClientProtocol::Https,
        platform_resolver: None,
        read_timeout: Some(SILENCE),
        connect_timeout: Some(CONNECT),
        user_agent: USER_AGENT,
        ..ClientConfig::default()
    };
    if reference.is_loopback() {
        config.protocol = ClientProtocol::HttpsExcept(vec![reference.host().to_owned()]);
        // A proxy that is never used replaces the environment's, so that plain text for this
        // machine does not leave it.
        config.http_proxy = Some("http://127.0.0.1:9".to_owned());
        config.no_proxy = Some("*,0.0.0.0/0,::/0".to_owned());
    }
    config
}

/// The text of the innermost cause, which is the most specific one.
fn root(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Foreign text for a terminal: one line, no control characters, not too long.
fn plain(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .take(LONGEST_ANSWER)
        .collect()
}
