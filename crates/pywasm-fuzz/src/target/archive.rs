//! Archives: wheels, releases, bases, entries of a shared cache. No member may leave its folder.

use pywasm_base::fuzz::read_archive;
use pywasm_deps::fuzz::read_wheel;
use pywasm_release::{archive, verify};

use crate::stays_inside;

/// A wheel, with and without a change in the list of its members.
pub(crate) fn wheel(bytes: &[u8]) {
    for name in [
        "app-1.0-py3-none-any.whl",
        "a_b-2-1-cp313-cp313-wasi_0_0_0_wasm32.whl",
    ] {
        for place in read_wheel(name, bytes).unwrap_or_default() {
            assert!(stays_inside(&place), "{place}");
        }
    }
}

/// The archive of a release: unpacked, verified, and packed again.
pub(crate) fn release_archive(bytes: &[u8]) {
    let (verdict, files) = verify::verify_archive("app-1.0.tar.gz", bytes, None);
    let _form = serde_json::to_string(&verdict.form(false));
    assert!(
        files.keys().all(|name| stays_inside(name)),
        "a name leaves the folder"
    );
    // Bare content, since a mutated checksum ends the above early.
    let files = [
        ("app.wasm", bytes),
        ("app.report.json", bytes),
        ("SHA256SUMS", bytes),
    ];
    let files: pywasm_release::files::Files = files
        .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
        .into();
    let packed = archive::pack("app-1.0", &files, archive::Format::Gzip);
    let unpacked = archive::unpack(&packed).expect("what was packed is unpacked");
    assert_eq!(unpacked.files, files);
}

/// The archive of a base.
pub(crate) fn base_archive(bytes: &[u8]) {
    for path in read_archive(bytes).unwrap_or_default() {
        assert!(stays_inside(&path), "{path}");
    }
}

/// An entry of a shared cache.
pub(crate) fn cache_entry(bytes: &[u8]) {
    if let Some(content) = pywasm_cache::fuzz::unpack(bytes) {
        let entry = pywasm_cache::fuzz::pack(&content).expect("it is not too large");
        assert_eq!(pywasm_cache::fuzz::unpack(&entry), Some(content));
    }
}
