//! Pushes a module under a tag, and returns the digest of the artifact.

use oci_client::manifest::OCI_IMAGE_MEDIA_TYPE;
use pywasm_digest::Digest;
use pywasm_host::Progress;

use crate::{
    Artifact, Error, Reference,
    artifact::{self, Blob},
    session::{LONGEST_TRANSFER, Session},
};

/// An artifact that was pushed.
#[derive(Debug)]
pub struct PushedArtifact {
    /// The artifact by its digest.
    pub reference: Reference,
    /// The manifest's digest.
    pub digest: Digest,
    /// The module's own digest.
    pub sha256: Digest,
    /// Whether the registry had the module already.
    pub known: bool,
}

/// Pushes an artifact under the reference's tag: the module, its configuration, and last the
/// manifest, so that the tag never names what is not there.
///
/// # Errors
/// When the reference has a digest, and when the registry cannot be reached or does not take it.
pub fn push(
    reference: &Reference,
    artifact: Artifact,
    progress: &dyn Progress,
) -> Result<PushedArtifact, Error> {
    if reference.tag().is_none() || reference.digest().is_some() {
        return Err(Error::TagNeeded {
            reference: reference.to_string(),
        });
    }
    let module = Blob::new(artifact.module);
    let texts = artifact::config(&module, artifact.component.as_ref()).and_then(|config| {
        let manifest = artifact::manifest(&module, &config, artifact.annotations)?;
        Ok((config, manifest))
    });
    // Maps and texts always have a form in JSON.
    let (config, manifest) = texts.map_err(|error| Error::Client(error.to_string()))?;

    progress.step(&format!("push {reference}"));
    let session = Session::open("push", reference, progress)?;
    let (sha256, digest) = (module.digest, manifest.digest);
    let known = send(&session, module)?;
    send(&session, config)?;
    let media_type = OCI_IMAGE_MEDIA_TYPE
        .parse()
        .map_err(|_| Error::Client(format!("{OCI_IMAGE_MEDIA_TYPE} is not a valid value of a header")))?;
    let image = session.image();
    session.ask(
        "name",
        session
            .client
            .push_manifest_raw(&image, manifest.bytes, media_type),
    )?;
    Ok(PushedArtifact {
        reference: reference.with_digest(digest),
        digest,
        sha256,
        known,
    })
}

/// Sends a blob unless the registry has it already; returns whether it had it.
fn send(session: &Session, blob: Blob) -> Result<bool, Error> {
    let (image, digest) = (session.image(), format!("sha256:{}", blob.digest));
    if session.ask("name", session.client.blob_exists(&image, &digest))? {
        return Ok(true);
    }
    session
        .drive(
            session.client.push_blob(&image, blob.bytes, &digest),
            LONGEST_TRANSFER,
        )
        .map_err(|failure| session.explain(failure, "name"))?;
    Ok(false)
}
