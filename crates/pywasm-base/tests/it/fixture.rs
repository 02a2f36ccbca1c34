//! Makes small bases, hostile archives, and a progress that records events.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use pywasm_base::{Base, Home, PackedArchive, pack, seal};
use pywasm_digest::Digest;
use pywasm_host::{Progress, Quiet};
use tempfile::TempDir;

/// A folder with a home in it.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
    pub(crate) home: Home,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::new(&dir.path().join("home")).expect("a home");
        Self { dir, home }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A base outside the store; `salt` makes its id.
    pub(crate) fn base(&self, salt: &str) -> Base {
        self.base_of(
            salt,
            "3.13.15",
            pywasm_base::recipe_digest(),
            pywasm_base::BASE_ABI,
        )
    }

    pub(crate) fn base_of(&self, salt: &str, python: &str, recipe: Digest, abi: u32) -> Base {
        let dir = self.path(&format!("base-{salt}"));
        write(&dir.join("base.wasm"), format!("\0asm {salt}").as_bytes());
        write(&dir.join("stdlib/os.py"), b"name = 'posix'\n");
        write(&dir.join("stdlib/json/__init__.py"), b"");
        write(&dir.join("licenses/cpython.txt"), b"free\n");
        // What sealing removes: no archive could carry it.
        fs::create_dir_all(dir.join("stdlib/empty/inside")).expect("a folder");
        let draft = serde_json::json!({
            "schema": 1, "abi": abi, "python": python, "builtins": ["sys"], "c_imports": {},
            "stdlib_names": ["json", "os"], "toolchain": {"clang": "19"}, "sources": [],
        });
        write(&dir.join("manifest.json"), draft.to_string().as_bytes());
        seal(&dir, recipe, &Quiet).expect("sealed")
    }

    /// A packed base: its file, its digest, its id.
    pub(crate) fn packed(&self, salt: &str) -> (PathBuf, PackedArchive, String) {
        let base = self.base(salt);
        let file = self.path(&format!("{salt}.tar.br"));
        let packed = pack(&base, &file, &Quiet).expect("packed");
        (file, packed, base.id().to_owned())
    }

    /// The names in the store's folder, but for the lock.
    pub(crate) fn in_store(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.home.bases()) else {
            return Vec::new();
        };
        let names = entries.map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        });
        let mut names: Vec<String> = names.filter(|name| name != ".lock").collect();
        names.sort();
        names
    }
}

pub(crate) fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, content).expect("written");
}

/// One member of an archive that no packer would write.
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: u8,
    pub(crate) link: &'a str,
    pub(crate) content: &'a [u8],
    /// What the header says; none means the content's length.
    pub(crate) size: Option<u64>,
}

impl<'a> Member<'a> {
    pub(crate) fn file(name: &'a str, content: &'a [u8]) -> Self {
        Self {
            name,
            kind: b'0',
            link: "",
            content,
            size: None,
        }
    }

    pub(crate) fn of(name: &'a str, kind: u8, link: &'a str) -> Self {
        Self {
            name,
            kind,
            link,
            content: b"",
            size: None,
        }
    }
}

/// A tar archive, written byte by byte: libraries refuse to write hostile ones.
pub(crate) fn tar(members: &[Member<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for member in members {
        let mut header = [0u8; 512];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, member.name.as_bytes());
        put(100, b"0000644\0");
        put(108, b"0000000\0");
        put(116, b"0000000\0");
        let size = member.size.unwrap_or(member.content.len() as u64);
        put(124, format!("{size:011o}\0").as_bytes());
        put(136, b"00000000000\0");
        put(148, b"        ");
        put(156, &[member.kind]);
        put(157, member.link.as_bytes());
        put(257, b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(header);
        out.extend(member.content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

pub(crate) fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(bytes).expect("compressed");
    encoder.into_inner()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("compressed");
    encoder.finish().expect("compressed")
}

/// Remembers the steps; stops when asked for the `stop_at`th time.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) steps: Mutex<Vec<String>>,
    pub(crate) last_bytes: Mutex<(u64, Option<u64>)>,
    pub(crate) stop_at: Option<usize>,
    asked: AtomicUsize,
}

impl Record {
    pub(crate) fn stopping_at(stop_at: usize) -> Self {
        Self {
            stop_at: Some(stop_at),
            ..Self::default()
        }
    }
}

impl Progress for Record {
    fn step(&self, text: &str) {
        self.steps.lock().expect("steps").push(text.to_owned());
    }

    fn bytes(&self, done: u64, total: Option<u64>) {
        *self.last_bytes.lock().expect("bytes") = (done, total);
    }

    fn cancelled(&self) -> bool {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        self.stop_at.is_some_and(|stop_at| asked >= stop_at)
    }
}
