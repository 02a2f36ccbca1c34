//! One base: a folder with a checked manifest. In: a folder. Out: where its parts are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, IoContext as _};
use crate::manifest::{BASE_ABI, MANIFEST, Manifest};
use crate::verify::{self, Problem};
use pywasm_digest::Digest;
use pywasm_host::Progress;

/// An interpreter with its standard library, ready to be built upon.
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    dir: PathBuf,
    manifest: Manifest,
}

impl Base {
    /// Opens the base in `dir`: reads and checks its manifest, but not its files (see
    /// [`Base::verify`]). A base of another ABI opens, so that it can be listed and removed;
    /// [`Base::check_abi`] tells.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(MANIFEST);
        let json = fs::read(&path).at("read", &path)?;
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

    /// What the base says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The base's name, `cpython-VERSION-DIGEST`; it follows from the content.
    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// The Python version, three numbers.
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

    /// The standard library, as `.py` files.
    pub fn stdlib(&self) -> PathBuf {
        self.dir.join("stdlib")
    }

    /// The headers that an extension module is compiled with: CPython's in `python`, the C
    /// library's in `libc`. Bases of before have none.
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

    /// Which source file each function and each byte of data of [`Base::wasm`] comes from. Bases of
    /// before have none.
    pub fn areas(&self) -> PathBuf {
        self.dir.join("areas.json")
    }

    /// The licences' texts.
    pub fn licenses(&self) -> PathBuf {
        self.dir.join("licenses")
    }

    /// Whether the recipe inside this pywasm built it.
    pub fn is_current(&self) -> bool {
        self.manifest.recipe == Some(crate::recipe::digest())
    }

    /// The digest that the manifest has for a file, such as `base.wasm`.
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

    /// Hashes every file and says what is not as the manifest has it.
    pub fn verify(&self, progress: &dyn Progress) -> Result<Vec<Problem>, Error> {
        progress.step("verify the base's files");
        verify::verify(&self.dir, &self.manifest, progress)
    }

    /// As [`Base::verify`], with an error for what differs.
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
