//! Uses a store that several machines share. The build waits for downloads, and uploads run in the
//! background. A failure costs only a little time: after the first one, the store is not used again.
//!
//! An entry is stored as `pywasm-FORMAT-VERSION/KIND/KEY` below the address, in the format of
//! `entry.rs`. So a rule of the bucket can remove old entries by their prefix.

use std::{
    fmt, fs, io,
    path::{Path as FilePath, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use object_store::{Error, ObjectStore, ObjectStoreExt as _, path::Path};
use tokio::{runtime, sync::oneshot, task::spawn_blocking, time::timeout};

use crate::{
    Account, Address,
    account::Counters,
    entry,
    store::{self, Failure},
};

/// The version of the entries' format.
const FORMAT: u32 = 1;

/// How long the store may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a download may take.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an upload may take.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a build waits at its end for running uploads.
const FINISH_TIMEOUT: Duration = Duration::from_secs(15);

/// How to use a shared store.
#[derive(Clone)]
pub struct Sharing {
    /// The address of the store.
    pub address: Address,
    /// Whether to write nothing to the store.
    pub read_only: bool,
    /// The token for a web server (`Authorization: Bearer ...`).
    pub token: Option<String>,
    /// The folder for downloaded results. Each store needs its own folder; otherwise, whoever can write
    /// to one store could write to all.
    pub copies: PathBuf,
}

impl Sharing {
    /// Tests the store by requesting a result that does not exist. Returns a message and a hint if
    /// something is wrong.
    #[must_use]
    pub fn probe(self) -> Option<(String, String)> {
        let shared = SharedStore::open(self);
        let _nothing = shared.fetch("probe", "none");
        shared.account().warnings.pop()
    }
}

/// An open store.
pub(crate) struct SharedStore {
    sharing: Sharing,
    /// The store and the path of its root; `None` if it could not be opened.
    store: Option<(Arc<dyn ObjectStore>, Path)>,
    /// The thread that uses the store; it ends when the sender is dropped.
    thread: Option<(runtime::Handle, oneshot::Sender<()>)>,
    counters: Arc<Counters>,
}

impl SharedStore {
    /// Opens a store. Whether it exists shows at the first request, and is reported at the end.
    pub(crate) fn open(sharing: Sharing) -> Self {
        let counters = Arc::new(Counters::default());
        let store = store::open(&sharing.address, sharing.token.as_deref());
        let thread = start_thread().map_err(|error| Failure::System(error.kind().to_string()));
        let (store, thread) = match (store, thread) {
            (Ok(store), Ok(thread)) => (Some(store), Some(thread)),
            (Err(failure), _) | (_, Err(failure)) => {
                counters.record_failure(failure);
                (None, None)
            }
        };
        Self {
            sharing,
            store,
            thread,
            counters,
        }
    }

    /// Returns the path of this machine's copy of a result.
    pub(crate) fn copy_path(&self, kind: &str, name: &str) -> PathBuf {
        self.sharing.copies.join(kind).join(name)
    }

    /// Counts a request for a result.
    pub(crate) fn count_request(&self, kind: &str, name: &str, found: bool) {
        self.counters.count_request(kind, name, found);
    }

    /// Downloads a result, if the store has it and it is intact.
    pub(crate) fn fetch(&self, kind: &str, name: &str) -> Option<Vec<u8>> {
        let (store, path) = self.entry_path(kind, name)?;
        let (handle, _) = self.thread.as_ref()?;
        let (sender, answer) = mpsc::channel();
        handle.spawn(async move {
            // The receiver is gone if the build has ended.
            let _unheard = sender.send(download(&*store, &path).await);
        });
        match answer.recv().ok()? {
            Ok(None) => None,
            Ok(Some(Download::Entry(bytes))) => {
                let content = entry::unpack(kind, name, &bytes);
                if content.is_none() {
                    self.counters.record_damaged(kind, name);
                }
                content
            }
            Ok(Some(Download::TooLarge)) => {
                self.counters.record_damaged(kind, name);
                None
            }
            Err(failure) => {
                self.counters.record_failure(failure);
                None
            }
        }
    }

    /// Starts to upload a result.
    pub(crate) fn send(&self, kind: &str, name: &str, content: &[u8]) {
        if self.sharing.read_only {
            return;
        }
        let (Some((store, path)), Some((handle, _))) = (self.entry_path(kind, name), &self.thread) else {
            return;
        };
        let (kind, name, content) = (kind.to_owned(), name.to_owned(), content.to_vec());
        let folder = self.sharing.address.folder().map(FilePath::to_owned);
        let counters = self.counters.clone();
        counters.start_upload();
        handle.spawn(async move {
            let packed = spawn_blocking(move || entry::pack(&kind, &name, &content)).await;
            // A result that is too large for an entry is not sent.
            let outcome = match packed.ok().flatten() {
                Some(packed) if !counters.has_failed() => match folder {
                    Some(folder) => upload_to_folder(folder, &path, packed).await,
                    None => upload(&*store, &path, packed).await,
                },
                _ => Ok(false),
            };
            counters.end_upload(outcome);
        });
    }

    /// Summarizes what has happened so far.
    pub(crate) fn account(&self) -> Account {
        self.counters.account(&self.sharing)
    }

    /// Waits a short time for running uploads, then summarizes.
    pub(crate) fn finish(&self) -> Account {
        self.counters.wait(FINISH_TIMEOUT);
        self.account()
    }

    fn entry_path(&self, kind: &str, name: &str) -> Option<(Arc<dyn ObjectStore>, Path)> {
        if self.counters.has_failed() {
            return None;
        }
        let (store, root) = self.store.as_ref()?;
        let folder = format!("pywasm-{FORMAT}-{}", env!("CARGO_PKG_VERSION"));
        let path = root.clone().join(folder).join(kind).join(name);
        Some((store.clone(), path))
    }
}

/// Hides the store, which can contain credentials.
impl fmt::Debug for SharedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedStore({})", self.sharing.address)
    }
}

/// Starts the thread that uses the store as long as the sender lives.
fn start_thread() -> io::Result<(runtime::Handle, oneshot::Sender<()>)> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let (sender, receiver) = oneshot::channel::<()>();
    thread::Builder::new()
        .name("shared-cache".to_owned())
        .spawn(move || {
            let _sender_is_gone = runtime.block_on(receiver);
            // Does not wait for a request that hangs.
            runtime.shutdown_background();
        })?;
    Ok((handle, sender))
}

/// What the store has under a name.
enum Download {
    Entry(Vec<u8>),
    TooLarge,
}

/// Downloads an entry; `None` if there is none.
async fn download(store: &dyn ObjectStore, path: &Path) -> Result<Option<Download>, Failure> {
    let answer = timeout(ANSWER_TIMEOUT, store.get(path)).await;
    let found = match answer.map_err(|_| Failure::Silent(ANSWER_TIMEOUT))? {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(store::classify(&error)),
    };
    if found.meta.size > entry::MAX_PACKED {
        return Ok(Some(Download::TooLarge));
    }
    // The client does not accept more bytes than were announced.
    let bytes = timeout(DOWNLOAD_TIMEOUT, found.bytes()).await;
    let bytes = bytes.map_err(|_| Failure::Slow(DOWNLOAD_TIMEOUT))?;
    let bytes = bytes.map_err(|error| store::classify(&error))?;
    Ok(Some(Download::Entry(bytes.into())))
}

/// Uploads an entry.
async fn upload(store: &dyn ObjectStore, path: &Path, packed: Vec<u8>) -> Result<bool, Failure> {
    let written = timeout(UPLOAD_TIMEOUT, store.put(path, packed.into())).await;
    let written = written.map_err(|_| Failure::Slow(UPLOAD_TIMEOUT))?;
    written.map(|_| true).map_err(|error| store::classify(&error))
}

/// Writes an entry into a folder, where it appears in one step. What a killed upload left there goes with
/// the next one; `LocalFileSystem` would leave it for ever.
async fn upload_to_folder(folder: PathBuf, path: &Path, packed: Vec<u8>) -> Result<bool, Failure> {
    let target = folder.join(path.as_ref());
    let write = spawn_blocking(move || {
        // A folder that was unmounted is not made again.
        if !folder.is_dir() {
            return Err(Failure::NoFolder);
        }
        let parent = target.parent().unwrap_or(&folder);
        let written = fs::create_dir_all(parent).and_then(|()| pywasm_host::replace_file(&target, &packed));
        written.map_err(|error| store::classify_io(&error))
    });
    let written = timeout(UPLOAD_TIMEOUT, write).await;
    let written = written.map_err(|_| Failure::Slow(UPLOAD_TIMEOUT))?;
    // The thread does not panic, and nobody cancels it.
    written.unwrap_or(Ok(())).map(|()| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn an_upload_to_a_folder_takes_away_what_a_killed_one_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = format!("file://{}", folder.path().display());
        let open = || {
            SharedStore::open(Sharing {
                address: address.parse().expect("an address"),
                read_only: false,
                token: None,
                copies: folder.path().join("copies"),
            })
        };
        let version = format!("pywasm-{FORMAT}-{}", env!("CARGO_PKG_VERSION"));
        let kind = folder.path().join(version).join("shake");
        fs::create_dir_all(&kind).expect("made");
        let left = kind.join(".pywasm-unfinished-abcdef");
        fs::write(&left, "half").expect("written");

        let shared = open();
        shared.send("shake", "0123", b"content");
        assert_eq!(shared.finish().written, 1);
        assert!(!left.exists());
        assert_eq!(fs::read_dir(&kind).expect("a folder").count(), 1);
        assert_eq!(
            open().fetch("shake", "0123").as_deref(),
            Some(b"content".as_slice())
        );
    }
}
