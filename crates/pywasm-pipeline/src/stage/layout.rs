//! Where things stand in the guest. `docs/internals/image-format.md` is the contract.

use pywasm_resolve::Origin;

/// Where the image is mounted.
const MOUNT: &str = "/pywasm";

/// The folder of an origin's modules and data, relative to the mount.
pub(crate) fn folder(origin: Origin) -> &'static str {
    match origin {
        Origin::App => "app",
        Origin::Stdlib => "lib/python3.13",
        Origin::Dependency => "lib/python3.13/site-packages",
    }
}

/// A file's place, relative to the mount.
pub(crate) fn place(origin: Origin, relative: &str) -> String {
    format!("{}/{relative}", folder(origin))
}

/// The absolute guest path of a place.
pub(crate) fn absolute(place: &str) -> String {
    format!("{MOUNT}/{place}")
}

/// The `.pyc` that the importer takes without a source: `a/b.py` becomes `a/b.pyc`.
pub(crate) fn without_source(place: &str) -> String {
    format!("{place}c")
}

/// The `.pyc` beside a source: `a/b.py` becomes `a/__pycache__/b.cpython-313.pyc`.
pub(crate) fn beside_source(place: &str) -> String {
    let (folder, file) = place.rsplit_once('/').unwrap_or(("", place));
    let stem = file.strip_suffix(".py").unwrap_or(file);
    format!("{folder}/__pycache__/{stem}.cpython-313.pyc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytecode_has_its_place() {
        let place = place(Origin::App, "a/b.py");
        assert_eq!(place, "app/a/b.py");
        assert_eq!(without_source(&place), "app/a/b.pyc");
        assert_eq!(beside_source(&place), "app/a/__pycache__/b.cpython-313.pyc");
        assert_eq!(absolute(&place), "/pywasm/app/a/b.py");
    }
}
