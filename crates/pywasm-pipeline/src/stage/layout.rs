//! Says where things are in the guest. `docs/internals/image-format.md` is the contract.

use pywasm_resolve::Origin;
use pywasm_target::{
    Series,
    abi::guest::{APP, MOUNT},
};

/// The folders and file names for a Python series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    series: Series,
}

impl Layout {
    pub(crate) fn new(series: Series) -> Self {
        Self { series }
    }

    /// The folder of an origin's modules and data, relative to the mount.
    pub(crate) fn folder(self, origin: Origin) -> String {
        match origin {
            Origin::App => APP.to_owned(),
            Origin::Stdlib => self.series.stdlib_folder(),
            Origin::Dependency => self.series.site_packages_folder(),
        }
    }

    /// A file's place, relative to the mount.
    pub(crate) fn place(self, origin: Origin, relative: &str) -> String {
        format!("{}/{relative}", self.folder(origin))
    }

    /// The `.pyc` beside a source: `a/b.py` becomes `a/__pycache__/b.cpython-313.pyc`.
    pub(crate) fn beside_source(self, place: &str) -> String {
        let (folder, file) = place.rsplit_once('/').unwrap_or(("", place));
        let stem = file.strip_suffix(".py").unwrap_or(file);
        format!("{folder}/__pycache__/{stem}.{}.pyc", self.series.pyc_suffix())
    }
}

/// The absolute guest path of a place.
pub(crate) fn absolute(place: &str) -> String {
    format!("{MOUNT}/{place}")
}

/// The `.pyc` that the importer takes without a source: `a/b.py` becomes `a/b.pyc`.
pub(crate) fn without_source(place: &str) -> String {
    format!("{place}c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytecode_has_its_place() {
        let layout = Layout::new(Series::SUPPORTED);
        let place = layout.place(Origin::App, "a/b.py");
        assert_eq!(place, "app/a/b.py");
        assert_eq!(without_source(&place), "app/a/b.pyc");
        assert_eq!(
            layout.beside_source(&place),
            "app/a/__pycache__/b.cpython-313.pyc"
        );
        assert_eq!(absolute(&place), "/pywasm/app/a/b.py");
    }
}
