//! Counts a build's requests to a shared store and its uploads, from several threads, and summarizes
//! them at the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{Sharing, store::Failure};

/// Summarizes a build's use of a shared store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// By kind, the number of results that came from the store or from this machine's copy of it.
    pub hits: BTreeMap<String, u64>,
    /// By kind, the number of results that this build had to make.
    pub misses: BTreeMap<String, u64>,
    /// The number of results that the store accepted.
    pub written: u64,
    /// What went wrong: a message and a hint.
    pub warnings: Vec<(String, String)>,
}

/// Counters that the build and the uploads share.
#[derive(Default)]
pub(crate) struct Counters {
    state: Mutex<State>,
    changed: Condvar,
}

/// The names of results by kind. A set, since a build may request the same result twice.
type Names = BTreeMap<String, BTreeSet<String>>;

#[derive(Default)]
struct State {
    hits: Names,
    misses: Names,
    written: u64,
    /// The number of running uploads.
    pending: u64,
    /// The first entry that was damaged.
    damaged: Option<String>,
    failure: Option<Failure>,
}

impl Counters {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The counters are consistent after each change, so a panic elsewhere does no harm.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request for a result.
    pub(crate) fn count_request(&self, kind: &str, name: &str, found: bool) {
        let mut state = self.lock();
        let State { hits, misses, .. } = &mut *state;
        let names = if found { hits } else { misses };
        names.entry(kind.to_owned()).or_default().insert(name.to_owned());
    }

    /// Records that an entry is damaged.
    pub(crate) fn record_damaged(&self, kind: &str, name: &str) {
        self.lock()
            .damaged
            .get_or_insert_with(|| format!("the entry {kind}/{name}"));
    }

    /// Records that the store cannot be used any more.
    pub(crate) fn record_failure(&self, failure: Failure) {
        self.lock().failure.get_or_insert(failure);
        self.changed.notify_all();
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.lock().failure.is_some()
    }

    /// Counts an upload that starts.
    pub(crate) fn start_upload(&self) {
        self.lock().pending += 1;
    }

    /// Counts an upload that ended: `true` if the store has the result, `false` if it was not sent.
    pub(crate) fn end_upload(&self, outcome: Result<bool, Failure>) {
        let mut state = self.lock();
        state.pending -= 1;
        match outcome {
            Ok(written) => state.written += u64::from(written),
            Err(failure) => {
                state.failure.get_or_insert(failure);
            }
        }
        self.changed.notify_all();
    }

    /// Waits until all uploads have ended or the store has failed.
    pub(crate) fn wait(&self, limit: Duration) {
        let waits = |state: &mut State| state.pending > 0 && state.failure.is_none();
        let waited = self.changed.wait_timeout_while(self.lock(), limit, waits);
        let (mut state, end) = waited.unwrap_or_else(PoisonError::into_inner);
        if end.timed_out() {
            state.failure.get_or_insert(Failure::Slow(limit));
        }
    }

    /// Summarizes what has happened so far.
    pub(crate) fn account(&self, sharing: &Sharing) -> Account {
        let state = self.lock();
        let address = &sharing.address;
        let damaged = state.damaged.iter().map(|entry| {
            (
                format!("{entry} in the shared cache {address} is damaged and was not used"),
                "check who can write to the shared cache".to_owned(),
            )
        });
        let failed = state.failure.iter().map(|failure| {
            (
                format!("pywasm stopped using the shared cache {address}: {failure}"),
                hint(failure, sharing).to_owned(),
            )
        });
        Account {
            hits: count(&state.hits),
            misses: count(&state.misses),
            written: state.written,
            warnings: damaged.chain(failed).collect(),
        }
    }
}

fn count(names: &Names) -> BTreeMap<String, u64> {
    let count = |names: &BTreeSet<String>| names.len() as u64;
    names
        .iter()
        .map(|(kind, names)| (kind.clone(), count(names)))
        .collect()
}

fn hint(failure: &Failure, sharing: &Sharing) -> &'static str {
    match failure {
        Failure::NoFolder => "create or mount the folder",
        Failure::Refused if !sharing.read_only => {
            "check the credentials; if they only allow reading, set `read-only = true` or PYWASM_CACHE_READ_ONLY=1"
        }
        Failure::PlainEndpoint => "use https:// in AWS_ENDPOINT_URL",
        Failure::Token => "set PYWASM_CACHE_TOKEN to the word after `Authorization: Bearer`",
        _ if sharing.address.is_bucket() => {
            "check AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the build works without the shared cache too"
        }
        _ => "check that the store is running; the build works without the shared cache too, but slower",
    }
}
