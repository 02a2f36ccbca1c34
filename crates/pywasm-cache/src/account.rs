//! What becomes of a build's questions to a shared store, and of the results that it sends: counted
//! from several threads while the build runs, told at its end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{Sharing, store::Failure};

/// What became of a build's questions, and of its results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// By kind, how many results came from the store, or from this machine's copy of it.
    pub hits: BTreeMap<String, u64>,
    /// By kind, how many had to be made.
    pub misses: BTreeMap<String, u64>,
    /// How many results the store took.
    pub written: u64,
    /// What went wrong: text and cure.
    pub warnings: Vec<(String, String)>,
}

/// What the build and the uploads both change.
#[derive(Default)]
pub(crate) struct Progress {
    state: Mutex<State>,
    changed: Condvar,
}

/// The names of results by their kind: a build may ask for the same one twice.
type Names = BTreeMap<String, BTreeSet<String>>;

#[derive(Default)]
struct State {
    hits: Names,
    misses: Names,
    written: u64,
    /// Results on their way.
    pending: u64,
    /// The first entry that was not what its name says.
    wrong: Option<String>,
    broken: Option<Failure>,
}

impl Progress {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A count is right after each change of it, so a panic elsewhere spoils nothing.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A result was found, or has to be made.
    pub(crate) fn asked(&self, kind: &str, name: &str, found: bool) {
        let mut state = self.lock();
        let State { hits, misses, .. } = &mut *state;
        let names = if found { hits } else { misses };
        names.entry(kind.to_owned()).or_default().insert(name.to_owned());
    }

    /// An entry is not what its name says.
    pub(crate) fn wrong(&self, kind: &str, name: &str) {
        self.lock()
            .wrong
            .get_or_insert_with(|| format!("the entry {kind}/{name}"));
    }

    /// The store is of no use any more.
    pub(crate) fn fail(&self, failure: Failure) {
        self.lock().broken.get_or_insert(failure);
        self.changed.notify_all();
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.lock().broken.is_some()
    }

    /// A result is sent on its way.
    pub(crate) fn sent(&self) {
        self.lock().pending += 1;
    }

    /// It has arrived (`true`), stays here, or could not be sent.
    pub(crate) fn arrived(&self, outcome: Result<bool, Failure>) {
        let mut state = self.lock();
        state.pending -= 1;
        match outcome {
            Ok(written) => state.written += u64::from(written),
            Err(failure) => {
                state.broken.get_or_insert(failure);
            }
        }
        self.changed.notify_all();
    }

    /// Waits until nothing is on its way, or the store is of no use.
    pub(crate) fn wait(&self, limit: Duration) {
        let waits = |state: &mut State| state.pending > 0 && state.broken.is_none();
        let waited = self.changed.wait_timeout_while(self.lock(), limit, waits);
        let (mut state, end) = waited.unwrap_or_else(PoisonError::into_inner);
        if end.timed_out() {
            state.broken.get_or_insert(Failure::Slow(limit));
        }
    }

    /// What has happened so far.
    pub(crate) fn account(&self, sharing: &Sharing) -> Account {
        let state = self.lock();
        let address = &sharing.address;
        let wrong = state.wrong.iter().map(|entry| {
            (
                format!("{address}: {entry} is not what it says it is, and was not used"),
                "somebody has damaged or changed it; look who can write there".to_owned(),
            )
        });
        let broken = state.broken.iter().map(|failure| {
            (
                format!("the shared cache {address} was not used to the end: {failure}"),
                hint(failure, sharing).to_owned(),
            )
        });
        Account {
            hits: count(&state.hits),
            misses: count(&state.misses),
            written: state.written,
            warnings: wrong.chain(broken).collect(),
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
        Failure::NoFolder => "make the folder, or mount what should be there",
        Failure::Refused if !sharing.read_only => {
            "look at the credentials; who may only read builds with `read-only = true` or PYWASM_CACHE_READ_ONLY=1"
        }
        Failure::PlainEndpoint => "write https:// in AWS_ENDPOINT_URL",
        Failure::Token => "it is the word behind `Authorization: Bearer`",
        _ if sharing.address.is_bucket() => {
            "the build is fine without it; AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say where it is and who asks"
        }
        _ => "the build is fine without it, and slower",
    }
}
