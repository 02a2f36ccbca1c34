//! Parses and checks the URL of a shared store. Messages never contain parts of the URL that could
//! be a secret.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr};

use object_store::path::Path;

/// The address of a shared store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    shown: String,
    pub(crate) kind: StoreKind,
}

/// The kind of store at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreKind {
    /// A folder of this machine's file system.
    Folder(PathBuf),
    /// A bucket, and a prefix in it.
    Bucket { bucket: String, prefix: Path },
    /// A web server that accepts GET and PUT.
    Web { url: String, plain: bool },
}

/// Why a URL is not the address of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The URL does not start with a known scheme.
    #[error("this is not the URL of a store")]
    Scheme,
    /// `file://` without an absolute path.
    #[error("a folder needs an absolute path")]
    Relative,
    /// A name that cannot be a host or bucket.
    #[error("the name of the host or bucket is not valid")]
    Host,
    /// A path with `..`, a query or something else that could lead elsewhere.
    #[error("the path contains characters that are not allowed")]
    Path,
    /// `http://` to another machine.
    #[error("plain http is allowed only for localhost, since others could change the data in transit")]
    Plain,
    /// A user name or password.
    #[error("the URL must not contain a user name or password")]
    Secret,
}

impl AddressError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Scheme | Self::Host | Self::Path => {
                "write `s3://BUCKET/PREFIX`, `file:///FOLDER` or `https://HOST/PATH`"
            }
            Self::Relative => "write `file:///FOLDER`",
            Self::Plain => "use `https://`",
            Self::Secret => {
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for `s3://`, or PYWASM_CACHE_TOKEN for `https://`, in the environment"
            }
        }
    }
}

impl Address {
    /// Whether the store is used over a network.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        !matches!(self.kind, StoreKind::Folder(_))
    }

    /// The folder, if the store is one.
    pub(crate) fn folder(&self) -> Option<&std::path::Path> {
        match &self.kind {
            StoreKind::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Whether the store is a bucket.
    pub(crate) fn is_bucket(&self) -> bool {
        matches!(self.kind, StoreKind::Bucket { .. })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme)?;
        let kind = match scheme {
            "file" => parse_folder(rest)?,
            "s3" => {
                let (bucket, prefix) = split_authority(rest)?;
                if !is_name(bucket) {
                    return Err(AddressError::Host);
                }
                StoreKind::Bucket {
                    bucket: bucket.to_owned(),
                    prefix,
                }
            }
            "https" | "http" => {
                let (authority, path) = split_authority(rest)?;
                let host = host(authority).ok_or(AddressError::Host)?;
                let plain = scheme == "http";
                if plain && !is_loopback(host) {
                    return Err(AddressError::Plain);
                }
                StoreKind::Web {
                    url: format!("{scheme}://{authority}/{path}"),
                    plain,
                }
            }
            _ => return Err(AddressError::Scheme),
        };
        Ok(Self {
            shown: text.trim_end_matches('/').to_owned(),
            kind,
        })
    }
}

/// Whether `url` is plain http. Plain http to another machine is an error.
pub(crate) fn is_plain(url: &str) -> Result<bool, AddressError> {
    let Some(rest) = url.strip_prefix("http://") else {
        return Ok(false);
    };
    let (authority, _) = split_authority(rest)?;
    match host(authority) {
        Some(host) if is_loopback(host) => Ok(true),
        _ => Err(AddressError::Plain),
    }
}

fn parse_folder(path: &str) -> Result<StoreKind, AddressError> {
    let path = path.strip_prefix("localhost").unwrap_or(path);
    if path.starts_with('/') {
        Ok(StoreKind::Folder(PathBuf::from(path)))
    } else {
        Err(AddressError::Relative)
    }
}

/// Splits the text into the authority before the first `/` and the path after it.
fn split_authority(rest: &str) -> Result<(&str, Path), AddressError> {
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err(AddressError::Secret);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-~+=".contains(c);
    if !path.chars().all(plain) {
        return Err(AddressError::Path);
    }
    let path = Path::parse(path).map_err(|_| AddressError::Path)?;
    Ok((authority, path))
}

/// Extracts the host from `HOST` or `HOST:PORT`. This is strict, so that other URL parsers see the
/// same host.
fn host(authority: &str) -> Option<&str> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        let fine = host.parse::<std::net::Ipv6Addr>().is_ok()
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
        return fine.then_some(host);
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    (is_name(host) && port.is_none_or(is_port)).then_some(host)
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_buckets_and_web_servers_are_stores() {
        let bucket: Address = "s3://fleet/pywasm/main".parse().expect("an address");
        let prefix = Path::from("pywasm/main");
        assert_eq!(
            bucket.kind,
            StoreKind::Bucket {
                bucket: "fleet".to_owned(),
                prefix
            }
        );
        assert!(bucket.is_remote());
        let folder: Address = "file:///var/cache/fleet".parse().expect("an address");
        assert_eq!(folder.kind, StoreKind::Folder(PathBuf::from("/var/cache/fleet")));
        assert!(!folder.is_remote());
        let web: Address = "https://cache.example.com:8443/pywasm/"
            .parse()
            .expect("an address");
        let url = "https://cache.example.com:8443/pywasm".to_owned();
        assert_eq!(web.kind, StoreKind::Web { url, plain: false });
        assert_eq!(web.to_string(), "https://cache.example.com:8443/pywasm");
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for url in [
            "http://127.0.0.1:9000/x",
            "http://localhost/x",
            "http://[::1]:80/x",
        ] {
            assert!(url.parse::<Address>().is_ok(), "{url}");
            assert_eq!(is_plain(url), Ok(true));
        }
        for url in [
            "http://cache.example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://10.0.0.1/",
            "http://[::2]/",
        ] {
            assert_eq!(url.parse::<Address>(), Err(AddressError::Plain), "{url}");
            assert_eq!(is_plain(url), Err(AddressError::Plain), "{url}");
        }
        assert_eq!(is_plain("https://cache.example.com"), Ok(false));
    }

    #[test]
    fn urls_that_lead_elsewhere_are_refused() {
        let wrong = |url: &str| url.parse::<Address>().expect_err("no address");
        assert_eq!(wrong("cache.example.com"), AddressError::Scheme);
        assert_eq!(wrong("ftp://cache.example.com"), AddressError::Scheme);
        assert_eq!(wrong("file://cache/x"), AddressError::Relative);
        assert_eq!(wrong("s3:///x"), AddressError::Host);
        assert_eq!(wrong("https://"), AddressError::Host);
        assert_eq!(wrong("https://a:b/"), AddressError::Host);
        assert_eq!(wrong("http://localhost\\.example.com/"), AddressError::Host);
        assert_eq!(wrong("https://a/../b"), AddressError::Path);
        assert_eq!(wrong("https://a/b?token=c"), AddressError::Path);
        assert_eq!(wrong("s3://a/b c"), AddressError::Path);
        assert_eq!(wrong("https://me:secret@a/b"), AddressError::Secret);
        assert_eq!(wrong("http://localhost@evil.example.com/"), AddressError::Secret);
    }
}
