//! Says where things are in the guest. `docs/internals/image-format.md` is the contract.

use std::borrow::Cow;

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

    /// The file that the code of a source names, in tracebacks and warnings. CPython has some modules
    /// of the standard library within itself, and so has their code here.
    pub(crate) fn code_file(self, guest: &str) -> Cow<'_, str> {
        const FROZEN: [&str; 15] = [
            "_collections_abc",
            "_sitebuiltins",
            "abc",
            "codecs",
            "genericpath",
            "importlib.machinery",
            "importlib.util",
            "io",
            "ntpath",
            "os",
            "posixpath",
            "runpy",
            "site",
            "stat",
            "zipimport",
        ];
        let stdlib = absolute(&self.series.stdlib_folder());
        let module = guest
            .strip_prefix(&stdlib)
            .and_then(|path| path.strip_prefix('/')?.strip_suffix(".py"))
            .map(|path| path.replace('/', "."));
        match module {
            Some(name) if FROZEN.contains(&name.as_str()) => Cow::Owned(format!("<frozen {name}>")),
            _ => Cow::Borrowed(guest),
        }
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
    fn code_of_frozen_modules_names_no_file() {
        let layout = Layout::new(Series::SUPPORTED);
        let name = |path| layout.code_file(path).into_owned();
        assert_eq!(name("/pywasm/lib/python3.13/os.py"), "<frozen os>");
        assert_eq!(
            name("/pywasm/lib/python3.13/importlib/util.py"),
            "<frozen importlib.util>"
        );
        assert_eq!(
            name("/pywasm/lib/python3.13/re/__init__.py"),
            "/pywasm/lib/python3.13/re/__init__.py"
        );
        assert_eq!(name("/pywasm/app/os.py"), "/pywasm/app/os.py");
    }

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
