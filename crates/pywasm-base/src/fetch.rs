//! Downloads one file. In: an address, the SHA-256 of what stands there, a target path. Out: the
//! file under its final name, whole and checked, or an error and no file at all.
//!
//! One attempt: whoever runs pywasm decides whether to try again. Plain `http` is for loopback
//! only, and a redirect may not leave `https` either.

use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;

use crate::error::{Error, IoContext as _};
use crate::home;
use pywasm_digest::{Digest, Hasher};
use pywasm_host::{Access, FreshFile, Progress};

const CONNECT_SECONDS: u64 = 15;
/// How long the other side may stay silent.
const SILENCE_SECONDS: u64 = 60;
const REDIRECTS: usize = 5;
/// No base and no source is near this; a server that sends on and on ends here.
const MAX_BYTES: u64 = 1 << 30;

/// Downloads `url` to `target`. A file that is there already with the right digest is kept.
pub fn fetch(url: &str, sha256: Digest, target: &Path, progress: &dyn Progress) -> Result<(), Error> {
    if target.is_file() && crate::digest::of_file(target)? == sha256 {
        return Ok(());
    }
    let folder = home::ensure(target.parent().unwrap_or(Path::new("/")).to_owned())?;
    progress.step(&format!("download {url}"));
    let failed = |reason: String| Error::Download {
        url: url.to_owned(),
        reason,
        source: None,
    };
    let response = request(url, &failed)?;
    let total = response.content_length();
    if total.is_some_and(|total| total > MAX_BYTES) {
        return Err(failed(format!("it has more than {MAX_BYTES} bytes")));
    }

    let mut file = FreshFile::create_in(&folder, Access::Owner).at("create a file in", &folder)?;
    let (found, bytes) = receive(response, file.file_mut(), total, target, &failed, progress)?;
    if let Some(total) = total.filter(|total| *total != bytes) {
        return Err(failed(format!(
            "the connection was cut after {bytes} of {total} bytes"
        )));
    }
    if found != sha256 {
        return Err(Error::WrongHash {
            name: url.to_owned(),
            expected: sha256,
            found,
        });
    }
    file.persist(target).at("write", target)
}

fn request(url: &str, failed: &dyn Fn(String) -> Error) -> Result<Response, Error> {
    let parsed = Url::parse(url).map_err(|error| failed(format!("it is no address ({error})")))?;
    if !allowed(&parsed) {
        return Err(failed(
            "only https is fetched (and http from this machine itself)".into(),
        ));
    }
    let local = is_loopback(&parsed);
    let policy = Policy::custom(move |attempt| {
        if attempt.previous().len() > REDIRECTS {
            attempt.error(format!("more than {REDIRECTS} redirects"))
        } else if !allowed(attempt.url()) || (is_loopback(attempt.url()) && !local) {
            let target = attempt.url().to_string();
            attempt.error(format!("a redirect to {target}, which is not fetched"))
        } else {
            attempt.follow()
        }
    });
    let mut client = Client::builder()
        .user_agent(concat!("pywasm/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
        .timeout(Duration::from_secs(SILENCE_SECONDS))
        .redirect(policy);
    if local {
        client = client.no_proxy();
    }
    let with_source = |error: reqwest::Error| {
        let error = error.without_url();
        Error::Download {
            url: url.to_owned(),
            reason: explain(&error),
            source: Some(error),
        }
    };
    let response = client
        .build()
        .and_then(|client| client.get(parsed).send())
        .map_err(with_source)?;
    let status = response.status();
    if status.is_success() {
        Ok(response)
    } else {
        Err(failed(format!("the server answered {status}")))
    }
}

fn receive(
    mut response: Response,
    file: &mut std::fs::File,
    total: Option<u64>,
    target: &Path,
    failed: &dyn Fn(String) -> Error,
    progress: &dyn Progress,
) -> Result<(Digest, u64), Error> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    let mut done = 0;
    progress.bytes(0, total);
    loop {
        progress.check()?;
        let count = match response.read(&mut buffer) {
            Ok(0) => return Ok((hasher.finish(), done)),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
                return Err(failed(format!(
                    "the connection was cut after {done}{of} bytes ({})",
                    root(&error)
                )));
            }
        };
        done += count as u64;
        if done > MAX_BYTES {
            return Err(failed(format!("it has more than {MAX_BYTES} bytes")));
        }
        hasher.update(&buffer[..count]);
        file.write_all(&buffer[..count]).at("write", target)?;
        progress.bytes(done, total);
    }
}

fn allowed(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn explain(error: &reqwest::Error) -> String {
    let what = match error {
        error if error.is_redirect() => "it redirects too often, or to where pywasm does not go",
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        _ => "the request failed",
    };
    format!("{what} ({})", root(error))
}

/// The innermost cause is the one that says something.
fn root(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
