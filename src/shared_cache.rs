//! The cache that a build works with: the project and the environment in; this machine's cache
//! out, and behind it the one that they name to be shared with other machines.

use std::{env, path::Path};

use pywasm_cache::{Address, BadAddress, Cache, Sharing};
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_pipeline::Observer as _;
use pywasm_project::{Overrides, Project, SharedCache};

use crate::session::Session;

/// Where the shared cache is, in the place of the project's `url`. Empty: nowhere.
const URL: &str = "PYWASM_CACHE_URL";
/// Whether it is only read, in the place of the project's `read-only`.
const READ_ONLY: &str = "PYWASM_CACHE_READ_ONLY";
/// What the server that PYWASM_CACHE_URL names wants to see.
const TOKEN: &str = "PYWASM_CACHE_TOKEN";

/// The cache for builds of `project`.
pub(crate) fn open(session: &Session, project: &Project) -> anyhow::Result<Cache> {
    let local = Cache::new(session.cache().join("stages"));
    Ok(match sharing(session, &project.cache)? {
        Some(sharing) => local.with(sharing),
        None => local,
    })
}

/// The shared cache, if there is one to be asked.
fn sharing(session: &Session, configured: &SharedCache) -> anyhow::Result<Option<Sharing>> {
    let given = env::var(URL).ok();
    let url = match (&given, &configured.url) {
        (Some(url), _) => url,
        (None, Some(url)) => &url.value,
        (None, None) => return Ok(None),
    };
    if url.is_empty() {
        return Ok(None);
    }
    let address: Address = match url.parse() {
        Ok(address) => address,
        Err(error) => {
            return Err(pywasm_project::Error::from(told(configured, given.is_some(), error)).into());
        }
    };
    if session.offline && address.is_remote() {
        return Ok(None);
    }
    let read_only = match env::var(READ_ONLY) {
        Ok(word) => is_true(&word),
        Err(_) => configured.read_only,
    };
    // A project must not be able to have the token sent to a server of its choice.
    let token = env::var(TOKEN)
        .ok()
        .filter(|token| given.is_some() && !token.is_empty());
    let copies = Digest::compute(address.to_string().as_bytes()).short(16);
    Ok(Some(Sharing {
        read_only,
        token,
        copies: session.cache().join("shared").join(copies),
        address,
    }))
}

/// Lets a build's results arrive at the shared cache, and says what that did for the build.
pub(crate) fn finish(session: &Session, cache: &Cache) {
    if cache.account().is_none() {
        return;
    }
    session.terminal.stage("send results to the shared cache");
    let Some(account) = cache.finish() else {
        return;
    };
    for (text, hint) in &account.warnings {
        session.terminal.warning(text, Some(hint));
    }
    let hits: u64 = account.hits.values().sum();
    if hits > 0 || account.written > 0 {
        let results = if hits == 1 { "result" } else { "results" };
        session.terminal.note(&format!(
            "the shared cache gave {hits} {results} and took {}",
            account.written
        ));
    }
}

/// The shared cache that builds in this folder would ask.
pub(crate) struct Probed {
    pub(crate) url: String,
    pub(crate) read_only: bool,
    /// What is wrong with it, and the cure.
    pub(crate) problem: Option<(String, String)>,
}

/// Asks the shared cache whether it answers, if there is one.
pub(crate) fn probe(session: &Session) -> anyhow::Result<Option<Probed>> {
    let project = Project::load(Path::new("."), &Overrides::default());
    let configured = project.map(|project| project.cache).unwrap_or_default();
    let sharing = sharing(session, &configured)?;
    Ok(sharing.map(|sharing| Probed {
        url: sharing.address.to_string(),
        read_only: sharing.read_only,
        problem: sharing.probe(),
    }))
}

/// What is wrong with the URL, without the line that it stands on where that has a secret.
fn told(configured: &SharedCache, is_given: bool, error: BadAddress) -> Diagnostic {
    let name = if is_given { URL } else { "`url`" };
    let diagnostic = Diagnostic::new(format!("{name}: {error}")).with_hint(error.hint());
    let place = configured.url.as_ref().and_then(|url| url.place.clone());
    match place.filter(|_| !is_given) {
        Some(mut place) => {
            if error == BadAddress::Secret {
                place.text.clear();
            }
            diagnostic.with_location(place)
        }
        None => diagnostic,
    }
}

/// As PYWASM_OFFLINE is read.
fn is_true(word: &str) -> bool {
    !matches!(
        word.to_ascii_lowercase().as_str(),
        "" | "0" | "n" | "no" | "f" | "false" | "off"
    )
}
