//! Pulls a module and checks it: from the store if it is there, otherwise from the registry.
//!
//! A digest is looked up in the store first. The registry resolves a tag each time, since the tag
//! may have moved; offline, a tag means what it meant when it was last resolved on this machine.

use oci_client::errors::OciDistributionError;
use pywasm_digest::Digest;
use pywasm_host::Progress;

use crate::{
    Error, LARGEST_MODULE, Reference, Store,
    artifact::{self, Layer},
    session::{Failure, LONGEST_TRANSFER, Session},
    sink::Sink,
};

/// The largest manifest that is accepted, far above any real one.
const LARGEST_MANIFEST: u64 = 4 << 20;

/// An artifact that was pulled.
#[derive(Debug)]
pub struct PulledArtifact {
    /// The artifact by its digest.
    pub reference: Reference,
    /// The module.
    pub module: Vec<u8>,
    /// The module's own digest.
    pub sha256: Digest,
    /// Whether the tag was resolved by an older answer of the registry.
    pub remembered: bool,
}

/// Pulls an artifact.
///
/// # Errors
/// When it is not in the store and cannot be had, or when it is not what its digest says.
pub fn pull(
    reference: &Reference,
    store: &Store,
    offline: bool,
    progress: &dyn Progress,
) -> Result<PulledArtifact, Error> {
    let known = match (reference.digest(), offline) {
        (Some(digest), _) => Some(digest),
        (None, true) => Some(recall_digest(reference, store)?),
        (None, false) => None,
    };
    let source = Source {
        reference,
        store,
        offline,
        progress,
    };
    let mut session = None;
    let (digest, manifest) = match known.and_then(|digest| Some((digest, kept_manifest(store, digest)?))) {
        Some(found) => found,
        None => source.manifest(source.session(&mut session)?, known)?,
    };
    let layer = artifact::layer(&manifest).map_err(|fault| Error::NotAModule {
        reference: reference.to_string(),
        fault,
    })?;
    let kept = || {
        let module = store.read(layer.digest, layer.size)?;
        (module.len() as u64 == layer.size).then_some(module)
    };
    let module = match kept() {
        Some(module) => module,
        None => {
            source.module(source.session(&mut session)?, layer)?;
            kept().ok_or_else(|| source.unreadable(layer))?
        }
    };
    Ok(PulledArtifact {
        reference: reference.with_digest(digest),
        module,
        sha256: layer.digest,
        remembered: reference.digest().is_none() && offline,
    })
}

fn recall_digest(reference: &Reference, store: &Store) -> Result<Digest, Error> {
    store.recall_tag(reference).ok_or_else(|| Error::Offline {
        reference: reference.to_string(),
        reason: "the tag was never pulled on this machine".to_owned(),
    })
}

fn kept_manifest(store: &Store, digest: Digest) -> Option<Vec<u8>> {
    store.read(digest, LARGEST_MANIFEST)
}

/// What to pull, and from where.
struct Source<'a> {
    reference: &'a Reference,
    store: &'a Store,
    offline: bool,
    progress: &'a dyn Progress,
}

impl<'a> Source<'a> {
    /// The session, opened when it is first needed.
    fn session<'b>(&self, slot: &'b mut Option<Session<'a>>) -> Result<&'b Session<'a>, Error> {
        if self.offline {
            return Err(Error::Offline {
                reference: self.reference.to_string(),
                reason: "it was never pulled on this machine, or the stored copy is damaged".to_owned(),
            });
        }
        let session = match slot.take() {
            Some(session) => session,
            None => Session::open("pull", self.reference, self.progress)?,
        };
        Ok(slot.insert(session))
    }

    /// The manifest and its digest, checked and kept.
    fn manifest(&self, session: &Session, known: Option<Digest>) -> Result<(Digest, Vec<u8>), Error> {
        self.progress.step(&format!("resolve {}", self.reference));
        let image = session.image();
        // The session is logged in, so the client ignores this login.
        let anonymous = oci_client::secrets::RegistryAuth::Anonymous;
        let asked = session
            .client
            .pull_manifest_raw(&image, &anonymous, &artifact::ACCEPTED);
        let what = if known.is_some() { "manifest" } else { "tag" };
        let asked = session.ask(what, asked);
        let wrong = |expected| Error::WrongDigest {
            reference: self.reference.to_string(),
            host: self.reference.host().to_owned(),
            what: "manifest",
            expected,
        };
        let manifest = match (asked, known) {
            (Ok((manifest, _)), _) => manifest.to_vec(),
            (Err(Error::Contradiction { .. }), Some(expected)) => return Err(wrong(expected)),
            (Err(error), _) => return Err(error),
        };
        let digest = Digest::compute(&manifest);
        if let Some(expected) = known.filter(|known| *known != digest) {
            return Err(wrong(expected));
        }
        if manifest.len() as u64 > LARGEST_MANIFEST {
            return Err(Error::NotAModule {
                reference: self.reference.to_string(),
                fault: format!("its manifest has more than {LARGEST_MANIFEST} bytes"),
            });
        }
        self.store.write(&manifest, digest)?;
        if self.reference.digest().is_none() {
            self.store.remember_tag(self.reference, digest)?;
        }
        Ok((digest, manifest))
    }

    /// Brings the module into the store, if it is the one that the manifest names.
    fn module(&self, session: &Session, layer: Layer) -> Result<(), Error> {
        debug_assert!(
            layer.size <= LARGEST_MODULE,
            "looked at when the manifest was read"
        );
        self.progress.step(&format!("pull {}", self.reference));
        let mut file = self.store.create_file()?;
        let path = file.path().to_owned();
        let mut sink = Sink::new(file.file_mut(), layer.size, self.progress);
        let name = format!("sha256:{}", layer.digest);
        let image = session.image();
        let result = session.drive(
            session.client.pull_blob(&image, name.as_str(), &mut sink),
            LONGEST_TRANSFER,
        );
        let Sink {
            received,
            too_much,
            write_error,
            ..
        } = sink;
        if let Some(source) = write_error {
            return Err(Error::Io {
                action: "write",
                path,
                source,
            });
        }
        let short = received < layer.size;
        let wrong = || Error::WrongDigest {
            reference: self.reference.to_string(),
            host: self.reference.host().to_owned(),
            what: "module",
            expected: layer.digest,
        };
        match result {
            _ if too_much => Err(wrong()),
            Ok(()) if short => Err(session.cut(Some((received, layer.size)))),
            Ok(()) => self.store.keep(file, layer.digest),
            Err(Failure::Client(OciDistributionError::DigestError(_))) if !short => Err(wrong()),
            Err(failure) => Err(match session.explain(failure, "module") {
                Error::Cut { .. } | Error::Contradiction { .. } => session.cut(Some((received, layer.size))),
                error => error,
            }),
        }
    }

    /// The error for a module that cannot be read back from the store.
    fn unreadable(&self, layer: Layer) -> Error {
        Error::WrongDigest {
            reference: self.reference.to_string(),
            host: self.reference.host().to_owned(),
            what: "module",
            expected: layer.digest,
        }
    }
}
