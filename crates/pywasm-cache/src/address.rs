//! Where a shared store is: a URL in, a checked address out, or what is wrong with it. Nothing of
//! a URL that could be a secret gets into a message.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr};

use object_store::path::Path;

/// The address of a shared store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    shown: String,
    pub(crate) place: Place,
}

/// What kind of store is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A folder of this machine's file system.
    Folder(PathBuf),
    /// A bucket, and where in it.
    Bucket { bucket: String, prefix: Path },
    /// A web server that takes GET and PUT.
    Web { url: String, plain: bool },
}

/// Why a URL is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It begins like none of the three.
    #[error("this is no URL of a store")]
    Scheme,
    /// `file://` without an absolute path.
    #[error("a folder needs its absolute path")]
    Relative,
    /// A host or a bucket that cannot be one.
    #[error("there is no such host or bucket")]
    Host,
    /// A path with `..`, a query or something else that leads elsewhere.
    #[error("the path is not a plain one")]
    Path,
    /// `http://` to another machine.
    #[error("plain http is only for this machine: what others can change on its way cannot be trusted")]
    Plain,
    /// A name or password.
    #[error("a URL that is written down must not hold a name or a password")]
    Secret,
}

impl BadAddress {
    /// What to write instead.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Scheme | Self::Host | Self::Path => {
                "write `s3://BUCKET/PREFIX`, `file:///FOLDER` or `https://HOST/PATH`"
            }
            Self::Relative => "write `file:///` and the path",
            Self::Plain => "write `https://`",
            Self::Secret => {
                "credentials come from the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for `s3://`, PYWASM_CACHE_TOKEN for `https://`"
            }
        }
    }
}

impl Address {
    /// Whether the store is asked over a network.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        !matches!(self.place, Place::Folder(_))
    }

    /// Whether it is a bucket.
    pub(crate) fn is_bucket(&self) -> bool {
        matches!(self.place, Place::Bucket { .. })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let (scheme, rest) = text.split_once("://").ok_or(BadAddress::Scheme)?;
        let place = match scheme {
            "file" => folder(rest)?,
            "s3" => {
                let (bucket, prefix) = parts(rest)?;
                if !is_name(bucket) {
                    return Err(BadAddress::Host);
                }
                Place::Bucket {
                    bucket: bucket.to_owned(),
                    prefix,
                }
            }
            "https" | "http" => {
                let (authority, path) = parts(rest)?;
                let host = host(authority).ok_or(BadAddress::Host)?;
                let plain = scheme == "http";
                if plain && !is_loopback(host) {
                    return Err(BadAddress::Plain);
                }
                Place::Web {
                    url: format!("{scheme}://{authority}/{path}"),
                    plain,
                }
            }
            _ => return Err(BadAddress::Scheme),
        };
        Ok(Self {
            shown: text.trim_end_matches('/').to_owned(),
            place,
        })
    }
}

/// Whether `url` is plain http; an error where it is and leads to another machine.
pub(crate) fn is_plain(url: &str) -> Result<bool, BadAddress> {
    let Some(rest) = url.strip_prefix("http://") else {
        return Ok(false);
    };
    let (authority, _) = parts(rest)?;
    match host(authority) {
        Some(host) if is_loopback(host) => Ok(true),
        _ => Err(BadAddress::Plain),
    }
}

fn folder(path: &str) -> Result<Place, BadAddress> {
    let path = path.strip_prefix("localhost").unwrap_or(path);
    if path.starts_with('/') {
        Ok(Place::Folder(PathBuf::from(path)))
    } else {
        Err(BadAddress::Relative)
    }
}

/// What stands before the first `/`, and the path behind it.
fn parts(rest: &str) -> Result<(&str, Path), BadAddress> {
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err(BadAddress::Secret);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-~+=".contains(c);
    if !path.chars().all(plain) {
        return Err(BadAddress::Path);
    }
    let path = Path::parse(path).map_err(|_| BadAddress::Path)?;
    Ok((authority, path))
}

/// The host of `HOST` or `HOST:PORT`. Strict, so that no other reader of URLs sees another host.
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
    fn three_kinds_of_stores_are_known() {
        let bucket: Address = "s3://fleet/pywasm/main".parse().expect("an address");
        let prefix = Path::from("pywasm/main");
        assert_eq!(
            bucket.place,
            Place::Bucket {
                bucket: "fleet".to_owned(),
                prefix
            }
        );
        assert!(bucket.is_remote());
        let folder: Address = "file:///var/cache/fleet".parse().expect("an address");
        assert_eq!(folder.place, Place::Folder(PathBuf::from("/var/cache/fleet")));
        assert!(!folder.is_remote());
        let web: Address = "https://cache.example.com:8443/pywasm/"
            .parse()
            .expect("an address");
        let url = "https://cache.example.com:8443/pywasm".to_owned();
        assert_eq!(web.place, Place::Web { url, plain: false });
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
            assert_eq!(url.parse::<Address>(), Err(BadAddress::Plain), "{url}");
            assert_eq!(is_plain(url), Err(BadAddress::Plain), "{url}");
        }
        assert_eq!(is_plain("https://cache.example.com"), Ok(false));
    }

    #[test]
    fn what_leads_elsewhere_is_no_address() {
        let wrong = |url: &str| url.parse::<Address>().expect_err("no address");
        assert_eq!(wrong("cache.example.com"), BadAddress::Scheme);
        assert_eq!(wrong("ftp://cache.example.com"), BadAddress::Scheme);
        assert_eq!(wrong("file://cache/x"), BadAddress::Relative);
        assert_eq!(wrong("s3:///x"), BadAddress::Host);
        assert_eq!(wrong("https://"), BadAddress::Host);
        assert_eq!(wrong("https://a:b/"), BadAddress::Host);
        assert_eq!(wrong("http://localhost\\.example.com/"), BadAddress::Host);
        assert_eq!(wrong("https://a/../b"), BadAddress::Path);
        assert_eq!(wrong("https://a/b?token=c"), BadAddress::Path);
        assert_eq!(wrong("s3://a/b c"), BadAddress::Path);
        assert_eq!(wrong("https://me:secret@a/b"), BadAddress::Secret);
        assert_eq!(wrong("http://localhost@evil.example.com/"), BadAddress::Secret);
    }
}
