//! Parses the references `oci://HOST/NAME:TAG` and `oci://HOST/NAME@sha256:DIGITS`.
//!
//! The grammar is that of the OCI distribution specification, without Docker's shorthands: a
//! reference always has a host, and a tag or a digest.

use std::{fmt, net::IpAddr};

use oci_client::Reference as OciReference;
use pywasm_digest::Digest;

use crate::Error;

/// What a reference starts with.
pub const SCHEME: &str = "oci://";

/// The specification's limits, in characters.
const LONGEST_REPOSITORY: usize = 255;
const LONGEST_TAG: usize = 128;

/// An artifact's place in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    host: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

impl Reference {
    /// Reads a reference.
    ///
    /// # Errors
    /// [`Error::Reference`], which says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let rest = text.strip_prefix(SCHEME).unwrap_or(text);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if let Some((_, host)) = host.rsplit_once('@').filter(|_| !path.is_empty()) {
            // The text may contain a password, so it is not shown.
            return Err(Error::Reference {
                text: format!("{SCHEME}...@{host}/{path}"),
                fault: "a reference cannot contain a user name".to_owned(),
            });
        }
        let parts = if text.starts_with(SCHEME) {
            Self::parts(host, path)
        } else {
            Err(format!("it does not start with {SCHEME}"))
        };
        parts.map_err(|fault| Error::Reference {
            text: text.to_owned(),
            fault,
        })
    }

    fn parts(host: &str, path: &str) -> Result<Self, String> {
        if path.is_empty() {
            return Err("it needs a host and a name".to_owned());
        }
        if !is_host(host) {
            return Err(format!("`{host}` is not a host"));
        }
        let (path, digest) = match path.split_once('@') {
            Some((path, digest)) => (path, Some(read_digest(digest)?)),
            None => (path, None),
        };
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, None),
        };
        if repository.len() > LONGEST_REPOSITORY || !repository.split('/').all(is_component) {
            return Err(format!(
                "`{repository}` is not a name: use lower-case letters and digits, with single `.`, `_`, `-` and `/` between them"
            ));
        }
        if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
            return Err(format!(
                "`{tag}` is not a tag: use at most {LONGEST_TAG} letters, digits, `_`, `.` and `-`, and do not start with `.` or `-`"
            ));
        }
        if tag.is_none() && digest.is_none() {
            return Err("it names neither a tag nor a digest".to_owned());
        }
        Ok(Self {
            host: host.to_owned(),
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest,
        })
    }

    /// The registry: a host name or address, and a port where one was given.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The name without its folders.
    pub fn short_name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }

    /// The tag, where there is one.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The manifest's digest, where it is known.
    pub fn digest(&self) -> Option<Digest> {
        self.digest
    }

    /// The same artifact by its digest alone.
    #[must_use]
    pub fn with_digest(&self, digest: Digest) -> Self {
        Self {
            tag: None,
            digest: Some(digest),
            ..self.clone()
        }
    }

    /// Whether the registry is on this machine: `localhost`, 127.0.0.0/8 or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        let name = without_port(&self.host);
        name == "localhost"
            || name
                .trim_start_matches('[')
                .trim_end_matches(']')
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// Converts it to the client's type; a digest has precedence over a tag.
    pub(crate) fn to_oci(&self) -> OciReference {
        let (host, repository) = (self.host.clone(), self.repository.clone());
        match (&self.digest, &self.tag) {
            (Some(digest), _) => OciReference::with_digest(host, repository, format!("sha256:{digest}")),
            (None, tag) => OciReference::with_tag(host, repository, tag.clone().unwrap_or_default()),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.host, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@sha256:{digest}")?;
        }
        Ok(())
    }
}

/// `sha256:` and 64 hex digits.
pub(crate) fn read_digest(text: &str) -> Result<Digest, String> {
    let digits = text
        .strip_prefix("sha256:")
        .ok_or_else(|| format!("`{text}` is not a SHA-256 digest: it does not start with `sha256:`"))?;
    if digits.bytes().any(|digit| digit.is_ascii_uppercase()) {
        return Err("the digits of a digest are written in lower case".to_owned());
    }
    digits
        .parse::<Digest>()
        .map_err(|_| "a digest is `sha256:` and 64 hex digits".to_owned())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_host(host: &str) -> bool {
    let name = without_port(host);
    let port = host.get(name.len() + 1..);
    let named = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => name.split('.').all(|label| {
            let inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            !label.is_empty() && label.bytes().all(inside)
        }),
    };
    named && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// Letters and digits with `.`, `_`, `__` or `-`s between them.
fn is_component(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let separates = |run: &str| matches!(run, "" | "." | "_" | "__") || run.bytes().all(|byte| byte == b'-');
    text.bytes().next().is_some_and(letter)
        && text.bytes().last().is_some_and(letter)
        && text
            .split(|char: char| u8::try_from(char).is_ok_and(letter))
            .all(separates)
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= LONGEST_TAG
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn reads_what_it_writes() {
        for text in [
            "oci://ghcr.io/ada/hello:1.0".to_owned(),
            "oci://localhost:5000/hello:latest".to_owned(),
            "oci://[::1]:5000/a/b-c/d__e.f:_x".to_owned(),
            format!("oci://127.0.0.1/hello@sha256:{DIGITS}"),
            format!("oci://r.example/hello:1@sha256:{DIGITS}"),
        ] {
            let reference = Reference::parse(&text).expect("a reference");
            assert_eq!(reference.to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "ghcr.io/hello:1",
            "oci://",
            "oci://hello:1",
            "oci://host/",
            "oci://host/hello",
            "oci://host/Hello:1",
            "oci://host/../hello:1",
            "oci://host/a//b:1",
            "oci://host/a..b:1",
            "oci://host/a?b:1",
            "oci://host/hello:-1",
            "oci://host/hello:1:2",
            "oci://ho st/hello:1",
            "oci://host:99999/hello:1",
            "oci://host:/hello:1",
            "oci://[::1/hello:1",
            "oci://host/hello@sha256:12",
            "oci://host/hello@sha512:12",
            "oci://h\u{f6}st/hello:1",
        ] {
            assert!(Reference::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keeps_a_password_to_itself() {
        let error = Reference::parse("oci://ada:secret@host/hello:1").expect_err("refused");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn knows_this_machine() {
        for (host, expected) in [
            ("localhost", true),
            ("localhost:5000", true),
            ("127.0.0.1:5000", true),
            ("127.8.9.10", true),
            ("[::1]:5000", true),
            ("0.0.0.0:5000", false),
            ("localhost.example:5000", false),
            ("127.0.0.1.example", false),
            ("ghcr.io", false),
        ] {
            let reference = Reference::parse(&format!("oci://{host}/hello:1")).expect("a reference");
            assert_eq!(reference.is_loopback(), expected, "{host}");
        }
    }
}
