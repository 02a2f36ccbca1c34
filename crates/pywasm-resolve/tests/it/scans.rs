//! Tests that a second run scans only what has changed, and finds the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use pywasm_diagnostic::Explain as _;
use pywasm_digest::Digest;
use pywasm_project::Entry;
use pywasm_resolve::{FileScan, Request, Resolution, ScanCache, ScanId, resolve, resolve_cached};

use crate::many::{request, write};

/// Keeps the bytes of scans in memory.
#[derive(Default)]
struct Memory {
    entries: Mutex<BTreeMap<Digest, Vec<u8>>>,
    scanned: Mutex<usize>,
}

impl Memory {
    /// How many files were scanned since the last call.
    fn scanned(&self) -> usize {
        std::mem::take(&mut self.scanned.lock().expect("no panic"))
    }
}

impl ScanCache for Memory {
    fn get_or(&self, ScanId { inputs, .. }: ScanId, scan: &dyn Fn() -> FileScan) -> FileScan {
        let entry = self.entries.lock().expect("no panic").get(&inputs).cloned();
        entry
            .map(|bytes| FileScan::from_bytes(&bytes).expect("a scan"))
            .unwrap_or_else(|| {
                *self.scanned.lock().expect("no panic") += 1;
                let scan = scan();
                let bytes = scan.to_bytes();
                self.entries.lock().expect("no panic").insert(inputs, bytes);
                scan
            })
    }
}

/// Files with something of everything that a scan notes.
const FILES: &[(&str, &[u8])] = &[
    (
        "main.py",
        b"import a\nfrom b import *\n__import__('b.' + a.name)\n__import__(a.name)\n",
    ),
    (
        "a.py",
        b"try:\n    import nowhere\nexcept ImportError:\n    import b.c as nowhere\nname = 'c'\n",
    ),
    (
        "b/__init__.py",
        b"__all__ = ['c', 'd']\ndef f(kind):\n    'x'.encode(kind)\n    exec('import a')\n",
    ),
    ("b/c.py", b"import sys\nsys.modules['made'] = open('x.py')\n"),
    ("b/d.py", b"# coding: latin-1\nx = 'na\xefve', 'a.name'\n"),
];

/// Resolves with what the cache has: as a run without a cache does.
fn run(folder: &Path, scans: &Memory) -> Resolution {
    let request = request(folder);
    let cached = resolve_cached(&request, scans).expect("a graph");
    let fresh = resolve(&request).expect("a graph");
    assert_eq!(cached.graph, fresh.graph);
    assert_eq!(cached.warnings, fresh.warnings);
    assert_eq!(cached.sources, fresh.sources);
    assert_eq!(cached.omitted, fresh.omitted);
    cached
}

#[test]
fn a_second_run_scans_nothing() {
    let folder = write(FILES);
    let scans = Memory::default();
    let first = run(folder.path(), &scans);
    assert_eq!(scans.scanned(), FILES.len());
    let second = run(folder.path(), &scans);
    assert_eq!(scans.scanned(), 0);
    assert_eq!(first.graph, second.graph);
    assert_eq!(first.warnings, second.warnings);
    assert!(!first.warnings.is_empty());
}

#[test]
fn a_changed_file_is_scanned_alone() {
    let folder = write(FILES);
    let scans = Memory::default();
    run(folder.path(), &scans);
    scans.scanned();
    fs::write(folder.path().join("b/d.py"), "import e\n").expect("a file");
    fs::write(folder.path().join("e.py"), "").expect("a file");
    let resolved = run(folder.path(), &scans);
    assert_eq!(scans.scanned(), 2);
    assert!(resolved.graph.modules.contains_key("e"));
    // Not the time of a file counts, but its content.
    fs::write(folder.path().join("e.py"), "").expect("a file");
    run(folder.path(), &scans);
    assert_eq!(scans.scanned(), 0);
}

#[test]
fn another_role_is_another_scan() {
    let folder = write(FILES);
    let scans = Memory::default();
    run(folder.path(), &scans);
    scans.scanned();
    let request = Request {
        entry: Entry::Script(folder.path().canonicalize().expect("a folder").join("a.py")),
        ..request(folder.path())
    };
    resolve_cached(&request, &scans).expect("a graph");
    // `a` is `__main__` now; `b` and its modules are the same.
    assert_eq!(scans.scanned(), 1);
}

#[test]
fn syntax_errors_keep_their_places() {
    let folder = write(&[("main.py", b"import sys\n\nx = (1,\n")]);
    let scans = Memory::default();
    let errors = || {
        let error = resolve_cached(&request(folder.path()), &scans).expect_err("an error");
        error.diagnostics().to_vec()
    };
    let first = errors();
    assert_eq!(scans.scanned(), 1);
    assert_eq!(errors(), first);
    assert_eq!(scans.scanned(), 0);
}
