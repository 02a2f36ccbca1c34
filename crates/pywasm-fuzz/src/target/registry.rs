//! The answers of an OCI registry, and what users write about one.

use pywasm_registry::{Reference, fuzz};

use crate::text;

/// A manifest, and a challenge.
pub(crate) fn oci_manifest(bytes: &[u8]) {
    let _layer = fuzz::read_manifest(bytes);
    let _address = fuzz::read_challenge(text(bytes));
}

/// A reference: what is read is written as it was.
pub(crate) fn oci_reference(bytes: &[u8]) {
    if let Ok(reference) = Reference::parse(text(bytes)) {
        assert_eq!(reference.to_string(), text(bytes));
        assert!(reference.tag().is_some() || reference.digest().is_some());
        let _seen = (reference.is_loopback(), reference.short_name());
    }
}

/// Docker's `config.json`.
pub(crate) fn docker_config(bytes: &[u8]) {
    for host in ["ghcr.io", "docker.io", "localhost:5000"] {
        let _found = fuzz::read_docker_config(bytes, host);
    }
}
