//! Scans one file's text for its imports, in the order of the source, and the names that it
//! mentions. The walk itself is in `statements.rs`, `try_statement.rs` and `expressions.rs`.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_target::Series;
use ruff_python_ast::{ModModule, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_source_file::LineIndex;
use serde::{Deserialize, Serialize};

use crate::bindings::Bindings;
use crate::constants::Constants;
use crate::dynamic::Dynamics;
use crate::import::{Import, ImportTarget, Line, TryBody};
use crate::input::ScanInput;
use crate::names::NameId;
use crate::statements::{Context, Scanner};
use crate::top_level::TopLevel;
use crate::uses::Position;

/// The names that a piece of a file mentions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// The names that have to be used for it to run.
    pub gates: Vec<NameId>,
    /// All names in it, each once.
    pub names: Vec<NameId>,
    /// Those among them that decide something.
    pub mentions: BTreeSet<String>,
    /// Its uses that lead to the interpreter's compiler, and whether each can still do so after the
    /// file's top level has run.
    pub uses: BTreeMap<String, bool>,
}

/// An import whose name is known only at run time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputedImport {
    /// The offset in the text where it starts.
    pub start: usize,
    /// The offset where it ends.
    pub end: usize,
    /// Its line.
    pub line: Line,
    /// What the absolute name starts with, as far as that is known.
    pub prefix: String,
}

/// How a file may bind names that its statements do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum UnseenNames {
    /// It has a `__getattr__` or something similar, so it may have any name.
    OpenEnded,
    /// It changes its own namespace, as `globals()` does.
    Namespace,
    /// It has `from x import *`, so it may have all names of `x`.
    Star,
}

/// Where a file's submodules come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Submodules {
    /// From files.
    #[default]
    Files,
    /// It touches `sys.modules` or `__path__`, so it can make modules that no file holds.
    AlsoMade,
}

/// The facts of a file.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// Its imports, in the order of the source.
    pub imports: Vec<Import>,
    /// The bodies of its `try` statements that catch a failed import; imports name them by number.
    pub try_bodies: Vec<TryBody>,
    /// Its imports whose names only a run can tell.
    pub computed: Vec<ComputedImport>,
    /// Codecs used by name, with the line and the gates.
    pub codecs: Vec<(String, Line, Vec<NameId>)>,
    /// What it mentions. The first unit is the code that runs during its import.
    pub units: Vec<Unit>,
    /// The first use of a name that `site` adds to the builtins.
    pub site: Option<(String, Line)>,
    /// The literal elements of `__all__`.
    pub exports: Vec<String>,
    /// Names that its top level binds.
    pub bound: BTreeSet<String>,
    /// The text of the exception, if its import ends in `raise ImportError`.
    pub refuses: Option<String>,
    /// Where its submodules come from.
    pub submodules: Submodules,
    /// How it may bind more names than those.
    pub unseen_names: BTreeSet<UnseenNames>,
    /// What it does to reach modules that it does not name.
    pub dynamics: Dynamics,
    /// Names that it sets on modules that it imports.
    pub sets: BTreeSet<String>,
}

impl Scan {
    /// Lists the modules from which it imports all names.
    pub fn star_imports(&self) -> impl Iterator<Item = String> {
        self.imports.iter().filter_map(|import| match &import.target {
            ImportTarget::Names {
                module, star: true, ..
            } => Some(module.clone()),
            _ => None,
        })
    }
}

/// A syntax error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyntaxFault {
    /// What is wrong.
    pub message: String,
    /// The offset in the text where it starts.
    pub start: usize,
    /// The offset where it ends.
    pub end: usize,
}

/// What a scan of a file finds.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileScan {
    /// Its facts, as far as it could be parsed.
    pub scan: Scan,
    /// Its first syntax errors.
    pub faults: Vec<SyntaxFault>,
}

impl FileScan {
    /// Writes it as bytes, for [`FileScan::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Reads what [`FileScan::to_bytes`] wrote. `None` if the bytes are not from there.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match postcard::take_from_bytes(bytes) {
            Ok((scan, [])) => Some(scan),
            _ => None,
        }
    }
}

/// Scans a file. Returns all syntax errors as well, and then the facts that could be read around them:
/// the remaining imports lead to the errors of other files.
pub fn scan(text: &str, input: ScanInput<'_>) -> FileScan {
    let Series { major, minor } = input.rules.target.series();
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion { major, minor });
    let Some(parsed) = parse_unchecked(text, options).try_into_module() else {
        return FileScan::default();
    };
    let faults = list_faults(&parsed, text);
    let body = &parsed.syntax().body;
    let bindings = Bindings::collect(body);
    let foreign = bindings.has_foreign_letters();
    let constants = Constants {
        target: input.rules.target,
        bindings: &bindings,
        is_main: input.role.is_main(),
        input: Some(input),
    };
    let mut scanner = Scanner {
        input,
        constants,
        lines: LineIndex::from_source_text(text),
        scan: Scan {
            units: vec![Unit::default()],
            ..Scan::default()
        },
        context: Context::top_level(),
        depth: 0,
        position: Position::Value,
        unevaluated: false,
        defers_annotations: false,
        later: 0,
        functions: Vec::new(),
        lists: None,
        knows_its_folder: false,
    };
    let top = TopLevel::collect(body);
    scanner.scan.bound = top.names;
    let globals = bindings.globals().iter();
    scanner.scan.bound.extend(globals.map(|name| (*name).to_owned()));
    scanner.scan.sets = bindings.attributes_of_imports().map(str::to_owned).collect();
    scanner.scan.unseen_names = top.unseen_names;
    if bindings.binds_unseen() || bindings.is_too_deep() {
        scanner.scan.unseen_names.insert(UnseenNames::Namespace);
    }
    scanner.scan.exports = top.exports;
    if foreign {
        scanner.mention_fact("syntax non-ascii identifiers");
    }
    let stops = scanner.walk_block(body);
    scanner.finish_dynamics();
    let mut scan = scanner.scan;
    for unit in &mut scan.units {
        unit.names.sort_unstable();
        unit.names.dedup();
    }
    if !stops {
        scan.refuses = None;
    }
    if bindings.is_too_deep() {
        // Dropping a tree takes as much stack as the tree is deep. This one stays until the process
        // ends. The compiler will refuse the file anyway.
        drop(bindings);
        std::mem::forget(parsed);
    }
    FileScan { scan, faults }
}

/// How many syntax errors of one file are listed. Each is shown with its line, which takes time.
const MOST_FAULTS: usize = 100;

/// Lists the first syntax errors of a file by their places.
fn list_faults(parsed: &Parsed<ModModule>, text: &str) -> Vec<SyntaxFault> {
    let mut faults: Vec<SyntaxFault> = Vec::new();
    for error in parsed.errors() {
        let (start, end) = (error.location.start().to_usize(), error.location.end().to_usize());
        faults.push(SyntaxFault {
            message: error.error.to_string(),
            start,
            end,
        });
    }
    for error in parsed.unsupported_syntax_errors() {
        let (start, end) = (error.range.start().to_usize(), error.range.end().to_usize());
        faults.push(SyntaxFault {
            message: error.to_string(),
            start,
            end,
        });
    }
    faults.sort_by_key(|fault| fault.start);
    faults.truncate(MOST_FAULTS);
    // There is nothing to mark at the end of the file, so the last line with text is marked.
    let last = text.trim_end().len();
    for fault in &mut faults {
        if fault.start >= last {
            (fault.start, fault.end) = (last.saturating_sub(1), last);
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_bytes_of_a_scan_are_read() {
        let scan = FileScan {
            scan: Scan {
                units: vec![Unit {
                    names: vec![NameId::new("a"), NameId::new("b")],
                    ..Unit::default()
                }],
                exports: vec!["a".to_owned()],
                ..Scan::default()
            },
            faults: Vec::new(),
        };
        let bytes = scan.to_bytes();
        assert_eq!(FileScan::from_bytes(&bytes).as_ref(), Some(&scan));
        for end in 0..bytes.len() {
            assert_eq!(FileScan::from_bytes(&bytes[..end]), None);
        }
        assert_eq!(FileScan::from_bytes(&[&bytes[..], &[0]].concat()), None);
        assert_eq!(FileScan::from_bytes(&[0xff; 40]), None);
    }
}
