//! One file's text becomes what the resolver wants to know of it: its imports in the order of
//! the source, and the names that it mentions. The walk itself is in `statements.rs` and
//! `expressions.rs`. Nothing is looked up on disk.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_target::{Series, Target};
use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::TextSize;

use crate::bindings::Bindings;
use crate::constants::Constants;
use crate::names::{NameId, Words};
use crate::statements::{Context, Scanner};
use crate::tables::Call;
use crate::top_level::TopLevel;
use crate::uses::Position;

/// What an import statement or call asks for; names are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A module and, through it, its parents.
    Module(String),
    /// Names of a module, which may be its submodules; `star` for `*`.
    Names {
        module: String,
        names: Vec<String>,
        star: bool,
    },
    /// A relative import that leaves the package; the text as written.
    Beyond(String),
}

/// One import.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) wanted: Wanted,
    pub(crate) line: u32,
    /// The file asks for it by a call, not by a statement.
    pub(crate) dynamic: bool,
    /// It runs when a function is called, not when the module is imported.
    pub(crate) lazy: bool,
    /// Something catches its failure.
    pub(crate) optional: bool,
    /// It stands under a condition that only a run can decide.
    pub(crate) conditional: bool,
    /// The same, where the failure of another import, as `instead` has it, is no condition.
    pub(crate) uncertain: bool,
    /// It runs only after the first so many imports of these attempts succeeded.
    pub(crate) after: Vec<(usize, usize)>,
    /// It runs only if one of the imports of these attempts failed.
    pub(crate) instead: Vec<usize>,
    /// It runs only if all of these names are used somewhere: those of the functions and classes
    /// that it stands in.
    pub(crate) gates: Vec<NameId>,
}

impl Import {
    /// Whether the module cannot be imported without it.
    pub(crate) fn is_certain(&self) -> bool {
        !self.lazy && !self.optional && !self.conditional && self.instead.is_empty()
    }
}

/// The body of a `try` that catches a failed import.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempt {
    /// What it surely imports, in order.
    pub(crate) imports: Vec<Wanted>,
    /// Whether it does nothing else.
    pub(crate) only_imports: bool,
}

/// The names that a piece of a file mentions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unit {
    /// The names that have to be used for it to run.
    pub(crate) gates: Vec<NameId>,
    /// All names in it, each once.
    pub(crate) names: Vec<NameId>,
    /// Those among them that decide something.
    pub(crate) mentions: BTreeSet<String>,
    /// What in it leads to the interpreter's compiler, and whether it can still do so when the
    /// file's top level has run.
    pub(crate) uses: BTreeMap<String, bool>,
}

/// An import whose name only a run can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Computed {
    pub(crate) line: u32,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What the name starts with.
    pub(crate) prefix: String,
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) imports: Vec<Import>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) computed: Vec<Computed>,
    /// Codecs used by name, with the line and the gates.
    pub(crate) codecs: Vec<(String, u32, Vec<NameId>)>,
    /// What it mentions; the first unit is what runs when it is imported.
    pub(crate) units: Vec<Unit>,
    /// The first use of a name that `site` adds to the builtins.
    pub(crate) site: Option<(String, u32)>,
    /// The literal elements of `__all__`.
    pub(crate) exports: Vec<String>,
    /// Names that its top level binds.
    pub(crate) bound: BTreeSet<String>,
    /// It ends in `raise ImportError` when imported; the text of the exception.
    pub(crate) refuses: Option<String>,
    /// It touches `sys.modules` or `__path__`, so it can make modules that no file holds.
    pub(crate) makes_modules: bool,
    /// It has a `__getattr__` or the like, so any name may be in it.
    pub(crate) open_ended: bool,
    /// It may bind names that its statements do not show, as `globals()` does.
    pub(crate) binds_unseen: bool,
    /// Names that it sets on modules that it imports.
    pub(crate) sets: BTreeSet<String>,
    /// It has `from x import *`, so that all names of `x` may be in it.
    pub(crate) has_star: bool,
}

impl Scan {
    /// The modules of which it imports all names.
    pub(crate) fn star_imports(&self) -> impl Iterator<Item = String> {
        self.imports.iter().filter_map(|import| match &import.wanted {
            Wanted::Names {
                module, star: true, ..
            } => Some(module.clone()),
            _ => None,
        })
    }
}

/// A syntax error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxFault {
    pub(crate) message: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The file that is scanned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The module's name.
    pub(crate) name: &'a str,
    pub(crate) is_package: bool,
    /// Whether it runs as `__main__`.
    pub(crate) is_main: bool,
    /// Whether it was started as a script, which has no package to be relative to.
    pub(crate) is_script: bool,
    pub(crate) target: Target,
    /// Whether it belongs to the app or to a dependency.
    pub(crate) is_program: bool,
    /// The names whose mention decides something.
    pub(crate) interesting: &'a Words,
    /// The standard library's modules, without those inside of packages.
    pub(crate) stdlib_names: &'a BTreeSet<String>,
    /// The names and facts whose use leads to the compiler.
    pub(crate) watched: &'a Words,
    /// Functions of dependencies that import the package that an argument names.
    pub(crate) calls: &'a [Call],
}

impl Subject<'_> {
    /// The absolute name of a relative import; `None` if it leaves the package.
    pub(crate) fn absolute(&self, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned());
        }
        let up = if self.is_package { level - 1 } else { level };
        let mut package = self.name;
        for _ in 0..up {
            package = package.rsplit_once('.')?.0;
        }
        if self.is_script {
            return None;
        }
        Some(if module.is_empty() {
            package.to_owned()
        } else {
            format!("{package}.{module}")
        })
    }
}

/// Scans a file. With syntax errors, all of them, and what could be read around them: the
/// imports that still stand there lead to the errors of other files.
pub(crate) fn scan(text: &str, subject: Subject<'_>) -> (Scan, Vec<SyntaxFault>) {
    let Series { major, minor } = subject.target.series();
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion { major, minor });
    let Some(parsed) = parse_unchecked(text, options).try_into_module() else {
        return (Scan::default(), Vec::new());
    };
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
    // At the end of the file there is nothing to mark: the last line that has text is.
    let last = text.trim_end().len();
    for fault in &mut faults {
        if fault.start >= last {
            (fault.start, fault.end) = (last.saturating_sub(1), last);
        }
    }
    let body = &parsed.syntax().body;
    let bindings = Bindings::of(body);
    let foreign = bindings.has_foreign_letters();
    let constants = Constants {
        target: subject.target,
        bindings: &bindings,
        is_main: subject.is_main,
    };
    let mut scanner = Scanner {
        subject,
        constants,
        lines: Lines::of(text),
        scan: Scan {
            units: vec![Unit::default()],
            ..Scan::default()
        },
        context: Context::default(),
        depth: 0,
        position: Position::Value,
        unevaluated: false,
        defers_annotations: false,
        later: 0,
    };
    let top = TopLevel::of(body);
    scanner.scan.bound = top.names;
    let globals = bindings.globals().iter();
    scanner.scan.bound.extend(globals.map(|name| (*name).to_owned()));
    scanner.scan.binds_unseen = bindings.binds_unseen() || bindings.is_too_deep();
    scanner.scan.sets = bindings.attributes_of_imports().map(str::to_owned).collect();
    scanner.scan.open_ended = top.open_ended;
    scanner.scan.has_star = top.has_star;
    scanner.scan.exports = top.exports;
    if foreign {
        scanner.mention_fact("syntax non-ascii identifiers");
    }
    let stops = scanner.block(body);
    let mut scan = scanner.scan;
    for unit in &mut scan.units {
        unit.names.sort_unstable();
        unit.names.dedup();
    }
    if !stops {
        scan.refuses = None;
    }
    if bindings.is_too_deep() {
        // To drop a tree takes as much stack as it is deep. This one stays until the process
        // ends; the compiler will refuse the file anyway.
        drop(bindings);
        std::mem::forget(parsed);
    }
    (scan, faults)
}

/// Where each line of a file starts.
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    pub(crate) fn of_offset(&self, offset: TextSize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset.to_u32());
        u32::try_from(line).unwrap_or(u32::MAX)
    }
}
