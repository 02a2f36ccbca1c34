//! Opens a base, which is a folder with a valid manifest, and locates its parts.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, IoContext as _};
use crate::manifest::{BASE_ABI, MANIFEST, Manifest};
use crate::verify::{self, Problem};
use pywasm_digest::Digest;
use pywasm_host::Progress;

/// The file of [`Base::optimized`].
pub(crate) const OPTIMIZED: &str = "optimized.wasm";

/// The files of [`Base::component_glue`]: for worlds without async, and with it.
const COMPONENT_GLUE: [&str; 2] = ["component.wasm", "component-async.wasm"];

/// An interpreter with its standard library.
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    dir: PathBuf,
    manifest: Manifest,
}

impl Base {
    /// Opens the base in `dir`: reads and checks its manifest, but not its files (see
    /// [`Base::verify`]). A base with another ABI opens too, so that it can be listed and removed;
    /// [`Base::check_abi`] refuses it.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(MANIFEST);
        let json = fs::read(&path).with_path("read", &path)?;
        let manifest = Manifest::parse(&json).map_err(|source| Error::Manifest { path, source })?;
        Ok(Self {
            dir: dir.to_owned(),
            manifest,
        })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The base's manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The base's name, `cpython-VERSION-DIGEST`, which depends only on its content.
    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// The Python version, with three numbers.
    pub fn python(&self) -> &str {
        &self.manifest.python
    }

    /// The platform, with this base's Python.
    pub fn target(&self) -> pywasm_target::Target {
        self.manifest.target()
    }

    /// The interpreter, a linked module with its relocations.
    pub fn wasm(&self) -> PathBuf {
        self.dir.join("base.wasm")
    }

    /// The side module between the world of a component and Python. Older bases do not have it.
    pub fn component_glue(&self, is_async: bool) -> Result<PathBuf, Error> {
        let file = COMPONENT_GLUE[usize::from(is_async)];
        if self.manifest.files.contains_key(file) {
            Ok(self.dir.join(file))
        } else {
            Err(Error::NoComponents {
                id: self.id().to_owned(),
            })
        }
    }

    /// The interpreter, optimized as a whole and without relocations. Older bases do not have it.
    pub fn optimized(&self) -> Option<PathBuf> {
        let is_there = self.manifest.files.contains_key(OPTIMIZED);
        is_there.then(|| self.dir.join(OPTIMIZED))
    }

    /// The standard library, as `.py` files.
    pub fn stdlib(&self) -> PathBuf {
        self.dir.join("stdlib")
    }

    /// The headers for extension modules: CPython's in `python`, and the C library's in `libc`.
    /// Older bases do not have them.
    pub fn include(&self) -> Result<PathBuf, Error> {
        let folder = self.dir.join("include");
        if self.manifest.files.contains_key("include/python/Python.h") {
            Ok(folder)
        } else {
            Err(Error::NoHeaders {
                id: self.id().to_owned(),
            })
        }
    }

    /// The file that maps the functions and data of [`Base::wasm`] to source files. Older bases do not
    /// have it.
    pub fn source_map(&self) -> PathBuf {
        self.dir.join("areas.json")
    }

    /// The folder with the texts of licences.
    pub fn licenses(&self) -> PathBuf {
        self.dir.join("licenses")
    }

    /// Whether the recipe of this pywasm built the base.
    pub fn is_current(&self) -> bool {
        self.manifest.recipe == Some(crate::recipe::digest())
    }

    /// Looks up the digest of a file, such as `base.wasm`, in the manifest.
    pub fn file_digest(&self, path: &str) -> Option<Digest> {
        self.manifest.files.get(path).copied()
    }

    /// Fails for a base that this pywasm cannot use.
    pub fn check_abi(&self) -> Result<(), Error> {
        let found = self.manifest.abi;
        if found == BASE_ABI {
            Ok(())
        } else {
            Err(Error::WrongAbi {
                id: self.id().to_owned(),
                found,
                wanted: BASE_ABI,
            })
        }
    }

    /// Hashes every file and lists the differences from the manifest.
    pub fn verify(&self, progress: &dyn Progress) -> Result<Vec<Problem>, Error> {
        progress.step("verify the base's files");
        verify::verify(&self.dir, &self.manifest, progress)
    }

    /// Like [`Base::verify`], but fails if there are differences.
    pub fn ensure_intact(&self, progress: &dyn Progress) -> Result<(), Error> {
        match self.verify(progress)? {
            problems if problems.is_empty() => Ok(()),
            problems => Err(Error::Damaged {
                id: self.id().to_owned(),
                problems,
            }),
        }
    }
}
