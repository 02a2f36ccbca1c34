//! Python sources: the scanner reads what is not a program, too.

use std::collections::BTreeSet;

use pywasm_scan::{
    Codecs, FileKind, FileScan, Owner, Role, ScanInput, ScanRules, Words, decode_source, find_calls,
    find_plugins,
};
use pywasm_target::{PythonVersion, Target};

use crate::text;

/// Scans a text as the module `name`.
pub fn scan_as(text: &str, name: &str, kind: FileKind, role: Role) -> FileScan {
    let words: Words = ["os", "sys", "fork", "name"]
        .map(str::to_owned)
        .into_iter()
        .collect();
    let rules = ScanRules {
        target: target(),
        interesting: &words,
        stdlib_names: &BTreeSet::from(["os", "sys", "json"].map(str::to_owned)),
        watched: &words,
        functions: &[],
    };
    let input = ScanInput {
        name,
        kind,
        role,
        owner: Owner::Program,
        rules: &rules,
    };
    pywasm_scan::scan(text, input)
}

fn target() -> Target {
    Target::new(PythonVersion::new(3, 13, 15))
}

/// A program.
pub(crate) fn scan(bytes: &[u8]) {
    let text = text(bytes);
    let places = |start: usize, end: usize| {
        assert!(
            start <= end && end <= text.len(),
            "{start}..{end} of {}",
            text.len()
        );
    };
    for (name, kind, role) in [
        ("pkg.mod", FileKind::Module, Role::Imported),
        ("pkg", FileKind::Package, Role::Main),
        ("__main__", FileKind::Module, Role::Script),
    ] {
        let found = scan_as(text, name, kind, role);
        assert_eq!(FileScan::from_bytes(&found.to_bytes()).as_ref(), Some(&found));
        let FileScan { scan, faults } = found;
        for fault in &faults {
            places(fault.start, fault.end);
        }
        for computed in &scan.computed {
            places(computed.start, computed.end);
        }
    }
    for call in find_calls(text, Role::Imported, target(), &|_| true) {
        places(call.start, call.end);
    }
    let _plugins = find_plugins(text);
}

/// A file's bytes in an encoding that it names.
pub(crate) fn source_text(bytes: &[u8]) {
    if let Ok(source) = decode_source(bytes, &Codecs::default()) {
        assert!(!source.text.contains('\0'));
        assert_eq!(&source.bytes[..], bytes);
    }
}
