//! Opens the readers of a registry's answers to the fuzz targets of `pywasm-fuzz`. Nothing else uses this.

use crate::{LARGEST_MODULE, artifact, challenge, credentials};

/// Reads a manifest. Returns the digest and the size of the module's layer.
///
/// # Errors
/// When the manifest is not that of a module.
pub fn read_manifest(bytes: &[u8]) -> Result<(String, u64), String> {
    let layer = artifact::layer(bytes)?;
    assert!(layer.size <= LARGEST_MODULE, "a size that the pull accepts");
    Ok((layer.digest.to_string(), layer.size))
}

/// Reads the challenge of a registry. Returns an address that a login must not go to.
pub fn read_challenge(text: &str) -> Option<String> {
    challenge::find_plain_address(text)
}

/// Reads Docker's `config.json`, and the login of a host in it. No helper is started.
pub fn read_docker_config(text: &[u8], host: &str) -> bool {
    credentials::has_login(text, host)
}
