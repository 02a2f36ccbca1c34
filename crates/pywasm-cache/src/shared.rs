//! A store that several machines share: results are asked for while the build waits, and sent
//! while it goes on. What goes wrong with it costs time, and little of that: after the first
//! failure the store is not asked again.
//!
//! The layout of a store: `pywasm-FORMAT-VERSION/KIND/KEY`, below the address; an entry is what
//! `entry.rs` packs. A rule of the bucket that removes old objects by their prefix fits that.

use std::{
    fmt, io,
    path::PathBuf,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use object_store::{Error, ObjectStore, ObjectStoreExt as _, path::Path};
use tokio::{runtime, sync::oneshot, task::spawn_blocking, time::timeout};

use crate::{
    Account, Address,
    account::Progress,
    entry,
    store::{self, Failure},
};

/// Changes with the form of entries.
const FORMAT: u32 = 1;

/// How long a store may say nothing to a question.
const ANSWER: Duration = Duration::from_secs(3);
/// How long one entry may take to come.
const COME: Duration = Duration::from_secs(10);
/// How long one entry may take to go.
const GO: Duration = Duration::from_secs(30);
/// How long a build waits at its end for what is still on its way.
const END: Duration = Duration::from_secs(15);

/// How a shared store is used.
#[derive(Clone)]
pub struct Sharing {
    /// Where it is.
    pub address: Address,
    /// Nothing is written to it.
    pub read_only: bool,
    /// What a web server wants to see (`Authorization: Bearer ...`).
    pub token: Option<String>,
    /// Where this machine keeps what it got. Only users of the same store may share the folder,
    /// or whoever writes to one store writes to all.
    pub copies: PathBuf,
}

impl Sharing {
    /// Asks the store for something that nobody has written. What is wrong with the store, and the
    /// cure; `None`: nothing.
    #[must_use]
    pub fn probe(self) -> Option<(String, String)> {
        let shared = Shared::open(self);
        let _nothing = shared.fetch("probe", "none");
        shared.account().warnings.pop()
    }
}

/// An open store.
pub(crate) struct Shared {
    sharing: Sharing,
    /// Where everything stands, or why the store could not be opened.
    store: Option<(Arc<dyn ObjectStore>, Path)>,
    /// The thread that talks to the store ends with the sender.
    talk: Option<(runtime::Handle, oneshot::Sender<()>)>,
    progress: Arc<Progress>,
}

impl Shared {
    /// Opens a store. That nothing is there is found with the first question, and told in the end.
    pub(crate) fn open(sharing: Sharing) -> Self {
        let progress = Arc::new(Progress::default());
        let store = store::open(&sharing.address, sharing.token.as_deref());
        let talk = talk().map_err(|error| Failure::System(error.kind().to_string()));
        let (store, talk) = match (store, talk) {
            (Ok(store), Ok(talk)) => (Some(store), Some(talk)),
            (Err(failure), _) | (_, Err(failure)) => {
                progress.fail(failure);
                (None, None)
            }
        };
        Self {
            sharing,
            store,
            talk,
            progress,
        }
    }

    /// Where this machine keeps its copy of a result.
    pub(crate) fn copy(&self, kind: &str, name: &str) -> PathBuf {
        self.sharing.copies.join(kind).join(name)
    }

    /// Counts a result that was found, or has to be made.
    pub(crate) fn count(&self, kind: &str, name: &str, found: bool) {
        self.progress.asked(kind, name, found);
    }

    /// The result of this name, if the store has it whole.
    pub(crate) fn fetch(&self, kind: &str, name: &str) -> Option<Vec<u8>> {
        let (store, path) = self.at(kind, name)?;
        let (handle, _) = self.talk.as_ref()?;
        let (tell, answer) = mpsc::channel();
        handle.spawn(async move {
            // Nobody listens any more when the build has ended.
            let _unheard = tell.send(read(&*store, &path).await);
        });
        match answer.recv().ok()? {
            Ok(None) => None,
            Ok(Some(Read::Entry(bytes))) => {
                let content = entry::unpack(kind, name, &bytes);
                if content.is_none() {
                    self.progress.wrong(kind, name);
                }
                content
            }
            Ok(Some(Read::TooLarge)) => {
                self.progress.wrong(kind, name);
                None
            }
            Err(failure) => {
                self.progress.fail(failure);
                None
            }
        }
    }

    /// Sends a result on its way.
    pub(crate) fn send(&self, kind: &str, name: &str, content: &[u8]) {
        if self.sharing.read_only {
            return;
        }
        let (Some((store, path)), Some((handle, _))) = (self.at(kind, name), &self.talk) else {
            return;
        };
        let (kind, name, content) = (kind.to_owned(), name.to_owned(), content.to_vec());
        let progress = self.progress.clone();
        progress.sent();
        handle.spawn(async move {
            let packed = spawn_blocking(move || entry::pack(&kind, &name, &content)).await;
            // What is too much for an entry stays here.
            let outcome = match packed.ok().flatten() {
                Some(packed) if !progress.is_broken() => write(&*store, &path, packed).await,
                _ => Ok(false),
            };
            progress.arrived(outcome);
        });
    }

    /// What has happened so far.
    pub(crate) fn account(&self) -> Account {
        self.progress.account(&self.sharing)
    }

    /// Waits for what is on its way, but not for long.
    pub(crate) fn finish(&self) -> Account {
        self.progress.wait(END);
        self.account()
    }

    fn at(&self, kind: &str, name: &str) -> Option<(Arc<dyn ObjectStore>, Path)> {
        if self.progress.is_broken() {
            return None;
        }
        let (store, root) = self.store.as_ref()?;
        let folder = format!("pywasm-{FORMAT}-{}", env!("CARGO_PKG_VERSION"));
        let path = root.clone().join(folder).join(kind).join(name);
        Some((store.clone(), path))
    }
}

/// Says nothing of the store: what is in there can hold credentials.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shared({})", self.sharing.address)
    }
}

/// Starts the thread that talks to the store, as long as the sender lives.
fn talk() -> io::Result<(runtime::Handle, oneshot::Sender<()>)> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let (stop, stopped) = oneshot::channel::<()>();
    thread::Builder::new()
        .name("shared-cache".to_owned())
        .spawn(move || {
            let _sender_is_gone = runtime.block_on(stopped);
            // A question that hangs in the system is left alone.
            runtime.shutdown_background();
        })?;
    Ok((handle, stop))
}

enum Read {
    Entry(Vec<u8>),
    TooLarge,
}

/// An entry's bytes; `None` where there is none.
async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Option<Read>, Failure> {
    let answer = timeout(ANSWER, store.get(path)).await;
    let found = match answer.map_err(|_| Failure::Silent(ANSWER))? {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(store::failure(&error)),
    };
    if found.meta.size > entry::MOST_PACKED {
        return Ok(Some(Read::TooLarge));
    }
    // Not more comes than was announced.
    let bytes = timeout(COME, found.bytes()).await;
    let bytes = bytes.map_err(|_| Failure::Slow(COME))?;
    let bytes = bytes.map_err(|error| store::failure(&error))?;
    Ok(Some(Read::Entry(bytes.into())))
}

/// Writes an entry.
async fn write(store: &dyn ObjectStore, path: &Path, packed: Vec<u8>) -> Result<bool, Failure> {
    let written = timeout(GO, store.put(path, packed.into())).await;
    let written = written.map_err(|_| Failure::Slow(GO))?;
    written.map(|_| true).map_err(|error| store::failure(&error))
}
