//! Downloads a file and checks its SHA-256. The file gets its final name only when it is complete
//! and correct.
//!
//! There is only one attempt; the user decides whether to try again. Plain `http` is allowed only for
//! loopback addresses, also in redirects.

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
/// How long the server may stay silent.
const SILENCE_SECONDS: u64 = 60;
const REDIRECTS: usize = 5;
/// Far more than any base or source archive has; stops a server that never ends.
const MAX_BYTES: u64 = 1 << 30;

/// Downloads `url` to `target`. Keeps an existing file that has the right digest.
pub fn fetch(url: &str, sha256: Digest, target: &Path, progress: &dyn Progress) -> Result<(), Error> {
    if target.is_file() && crate::digest::hash_file(target)? == sha256 {
        return Ok(());
    }
    let folder = home::ensure_folder(target.parent().unwrap_or(Path::new("/")).to_owned())?;
    progress.step(&format!("download {url}"));
    let failed = |reason: String| Error::Download {
        url: url.to_owned(),
        reason,
        source: None,
    };
    let response = request(url, &failed)?;
    let total = response.content_length();
    if total.is_some_and(|total| total > MAX_BYTES) {
        return Err(failed(format!("the file has more than {MAX_BYTES} bytes")));
    }

    let mut file = FreshFile::create_in(&folder, Access::Owner).with_path("create a file in", &folder)?;
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
    file.persist(target).with_path("write", target)
}

fn request(url: &str, failed: &dyn Fn(String) -> Error) -> Result<Response, Error> {
    let parsed = Url::parse(url).map_err(|error| failed(format!("the address is not valid ({error})")))?;
    if !is_allowed(&parsed) {
        return Err(failed(
            "pywasm downloads only over https (or over http from this machine)".into(),
        ));
    }
    let local = is_loopback(&parsed);
    let policy = Policy::custom(move |attempt| {
        if attempt.previous().len() > REDIRECTS {
            attempt.error(format!("more than {REDIRECTS} redirects"))
        } else if !is_allowed(attempt.url()) || (is_loopback(attempt.url()) && !local) {
            let target = attempt.url().to_string();
            attempt.error(format!("the redirect to {target} is not allowed"))
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
                    root_cause(&error)
                )));
            }
        };
        done += count as u64;
        if done > MAX_BYTES {
            return Err(failed(format!("the file has more than {MAX_BYTES} bytes")));
        }
        hasher.update(&buffer[..count]);
        file.write_all(&buffer[..count]).with_path("write", target)?;
        progress.bytes(done, total);
    }
}

fn is_allowed(url: &Url) -> bool {
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
        error if error.is_redirect() => "the server redirects too often or to a forbidden address",
        error if error.is_timeout() => "the server did not answer in time",
        error if error.is_connect() => "no connection",
        _ => "the request failed",
    };
    format!("{what} ({})", root_cause(error))
}

/// Returns the innermost cause, which is the most specific one.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
