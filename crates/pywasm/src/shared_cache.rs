//! Opens the cache that a build works with: this machine's, and behind it the one that the project
//! or the policy names to be shared with other machines.

use std::{
    fs,
    path::{Path, PathBuf},
};

use pywasm_cache::{Address, AddressError, Cache, Sharing};
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_project::{Project, SharedCache};

use crate::{BuildOptions, Builder, Error, SharedCachePolicy, builder::STAGES, policy::URL};

/// The shared cache that builds of a project would use.
#[derive(Clone, Debug)]
pub struct SharedCacheStatus {
    /// Where it is.
    pub url: String,
    /// Whether it is only read.
    pub read_only: bool,
    /// What is wrong with it, and what to do about it.
    pub problem: Option<(String, String)>,
}

impl Builder<'_> {
    /// The cache for builds of `project`.
    pub(crate) fn open_cache(&self, project: &Project) -> Result<Cache, Error> {
        let local = self.local_cache(project);
        let sharing = match &self.cache.shared {
            Some(policy) => self.sharing(policy, &project.cache, &self.cache_folder(project))?,
            None => None,
        };
        Ok(match sharing {
            Some(sharing) => local.with_sharing(sharing),
            None => local,
        })
    }

    /// This machine's cache alone.
    pub(crate) fn local_cache(&self, project: &Project) -> Cache {
        Cache::new(self.cache_folder(project).join(STAGES))
    }

    /// Asks the shared cache of the project at `path` whether it answers. None: there is none.
    ///
    /// # Errors
    /// When its address is wrong.
    pub fn shared_cache(&self, path: impl AsRef<Path>) -> Result<Option<SharedCacheStatus>, Error> {
        let project = Project::load(path.as_ref(), &BuildOptions::default());
        let configured = project.map(|project| project.cache).unwrap_or_default();
        let policy = self.cache.shared.clone().unwrap_or_default();
        let sharing = self.sharing(&policy, &configured, &self.home.cache())?;
        Ok(sharing.map(|sharing| SharedCacheStatus {
            url: sharing.address.to_string(),
            read_only: sharing.read_only,
            problem: sharing.probe(),
        }))
    }

    fn sharing(
        &self,
        policy: &SharedCachePolicy,
        configured: &SharedCache,
        folder: &Path,
    ) -> Result<Option<Sharing>, Error> {
        let url = match (&policy.url, &configured.url) {
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
                let diagnostic = wrong_address(configured, policy.url.is_some(), error);
                return Err(pywasm_project::Error::from(diagnostic).into());
            }
        };
        if self.offline && address.is_remote() {
            return Ok(None);
        }
        // A project must not be able to have the token sent to a server of its choice.
        let token = policy
            .token
            .clone()
            .filter(|token| policy.url.is_some() && !token.is_empty());
        let copies = Digest::compute(address.to_string().as_bytes()).short(16);
        Ok(Some(Sharing {
            read_only: policy.read_only.unwrap_or(configured.read_only),
            token,
            copies: folder.join("shared").join(copies),
            address,
        }))
    }

    /// Lets a build's results arrive at the shared cache, and tells what that did for the build.
    pub(crate) fn finish_cache(&self, cache: &Cache) {
        if cache.account().is_none() {
            return;
        }
        self.progress.step("send results to the shared cache");
        let Some(account) = cache.finish() else {
            return;
        };
        for (text, hint) in &account.warnings {
            self.progress.warning(text, hint);
        }
        let hits: u64 = account.hits.values().sum();
        if hits > 0 || account.written > 0 {
            let results = if hits == 1 { "result" } else { "results" };
            self.progress.note(&format!(
                "the shared cache gave {hits} {results} and took {}",
                account.written
            ));
        }
    }
}

/// The cache inside of a project's folder, which a version control system ignores.
#[must_use]
pub fn project_cache_folder(root: &Path) -> PathBuf {
    let folder = root.join(".pywasm");
    let ignored = folder.join(".gitignore");
    if !ignored.exists() {
        // Where it cannot be written, the first that needs the folder says so.
        let _no_cache = fs::create_dir_all(&folder).and_then(|()| fs::write(&ignored, "*\n"));
    }
    folder.join("cache")
}

/// What is wrong with the URL, without the line that it stands on where that has a secret.
fn wrong_address(configured: &SharedCache, is_given: bool, error: AddressError) -> Diagnostic {
    let name = if is_given { URL } else { "`url`" };
    let diagnostic = Diagnostic::new(format!("{name}: {error}")).with_hint(error.hint());
    let place = configured.url.as_ref().and_then(|url| url.place.clone());
    match place.filter(|_| !is_given) {
        Some(mut place) => {
            if error == AddressError::Secret {
                place.text.clear();
            }
            diagnostic.with_location(place)
        }
        None => diagnostic,
    }
}
