//! Decides whether a program can hand source text to the interpreter's compiler. All of a project's
//! modules are bytecode by the time it starts, so many small programs never compile anything, and the
//! base can leave its parser and compiler out for them.
//!
//! There are two answers. Without a snapshot, any mention of `eval`, `exec` or `compile` in code that
//! can run counts. With one, part of the program has already run: the top level of each module in the
//! snapshot, with its decorators and the bodies of its classes. Uses that end with the top level, which
//! `pywasm-scan` marks, no longer count. Uses in functions still do.
//!
//! The exceptions are a few functions of the standard library that hand text to the compiler and that
//! nearly every program includes. The table `dormant` lists each with the names that lead to it.
//! `dataclasses.dataclass` is one: a program that makes its data classes at the top level of its
//! modules does not need it later.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_scan::facts::{BUILTINS, DELETES_MODULES};
use pywasm_scan::{NameId, Unit};

use crate::graph::{EntryKind, ModuleGraph};
use crate::reach::KEEPS_SOURCES;
use crate::tables::{DormantFunctions, Tables};

/// A program that changes the path may import sources.
pub(crate) const PATH: &str = "sys.path";

/// Names and facts of the app and its dependencies, which may import sources from a folder that
/// the host mounts.
const SOURCES: &[&str] = &[
    "SourceFileLoader",
    "addsitedir",
    "run_path",
    "spec_from_file_location",
    PATH,
    "sys.path_hooks",
];

/// Modules that name the compiler and need none: the import system, which has no source to read
/// without one of [`SOURCES`], and `collections`, since the base makes the constructors of named tuples
/// itself (`recipe/runtime/tuples.c`).
const HARMLESS: &[&str] = &["_frozen_importlib", "_frozen_importlib_external", "collections"];

/// With these, a program can run the top level of a module again.
const AGAIN: &[&str] = &[
    "importlib.reload",
    "modules.clear",
    "modules.pop",
    DELETES_MODULES,
];

/// Lists the facts that the scan has to note for [`is_needed`].
pub(crate) fn facts() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().chain(SOURCES).copied()
}

/// Lists the names and facts that the scan has to note for [`Uses`].
pub(crate) fn watched_names(tables: &Tables) -> BTreeSet<String> {
    let callers = tables.dormant.iter().flat_map(|row| &row.callers).cloned();
    let own = BUILTINS.iter().chain(AGAIN).map(|fact| (*fact).to_owned());
    callers.chain(own).collect()
}

/// Whether the program needs the compiler, by the facts that are mentioned and the modules that mention
/// them. `is_stdlib` says whether a module belongs to the standard library.
pub(crate) fn is_needed(
    mentions: &BTreeMap<String, BTreeSet<String>>,
    is_stdlib: impl Fn(&str) -> bool,
) -> bool {
    let by = |fact: &&str| mentions.get(*fact).into_iter().flatten();
    BUILTINS
        .iter()
        .flat_map(by)
        .any(|module| !HARMLESS.contains(&module.as_str()))
        || SOURCES.iter().flat_map(by).any(|module| !is_stdlib(module))
}

/// The uses in the reached code that lead to the compiler.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// Modules of the program that may import sources, with the names that show it.
    sources: BTreeSet<(String, String)>,
    keeps_sources: bool,
    rows: Vec<Row>,
    pieces: Vec<Piece>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    module: String,
    callers: Vec<String>,
    program: bool,
    preloaded: bool,
}

/// A piece of a file, such as a function.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    module: String,
    is_program: bool,
    /// The rows that it is in, by number.
    rows: Vec<usize>,
    /// Facts, and whether each can still occur after the top level has run.
    facts: BTreeMap<String, bool>,
}

impl Uses {
    pub(crate) fn new(tables: &Tables) -> Self {
        let row = |row: &DormantFunctions| Row {
            module: row.module.clone(),
            callers: row.callers.clone(),
            program: row.program,
            preloaded: row.preloaded,
        };
        Self {
            rows: tables.dormant.iter().map(row).collect(),
            ..Self::default()
        }
    }

    /// Adds a piece of a file that can run.
    pub(crate) fn take(&mut self, tables: &Tables, module: &str, is_program: bool, unit: &Unit) {
        if unit.uses.is_empty() {
            return;
        }
        let is_in = |row: &DormantFunctions| {
            let mut functions = row.functions.iter().map(|function| NameId::new(function));
            row.module == module && functions.any(|function| unit.gates.contains(&function))
        };
        let rows = tables.dormant.iter().enumerate();
        self.pieces.push(Piece {
            module: module.to_owned(),
            is_program,
            rows: rows.filter(|(_, row)| is_in(row)).map(|(at, _)| at).collect(),
            facts: unit.uses.clone(),
        });
    }

    /// Adds what is known about the whole program.
    pub(crate) fn finish(
        &mut self,
        mentions: &BTreeMap<String, BTreeSet<String>>,
        is_stdlib: impl Fn(&str) -> bool,
    ) {
        for fact in SOURCES {
            let modules = mentions.get(*fact).into_iter().flatten();
            let modules = modules.filter(|module| !is_stdlib(module));
            self.sources
                .extend(modules.map(|module| (module.clone(), (*fact).to_owned())));
        }
        self.keeps_sources = mentions.contains_key(KEEPS_SOURCES);
        self.pieces.sort_by(|a, b| a.module.cmp(&b.module));
    }

    /// Finds what leads to the compiler after the top level of some modules has run: the modules and
    /// facts that are not in a dormant function. Empty if nothing does.
    fn find_leads(&self, has_run: impl Fn(&str) -> bool) -> BTreeSet<(&str, &str)> {
        let kept = |row: &Row| self.keeps_sources && row.callers.iter().any(|name| name == KEEPS_SOURCES);
        let is_awake = |row: &Row| kept(row) || (row.preloaded && !has_run(&row.module));
        let mut awake: BTreeSet<usize> = (0..self.rows.len())
            .filter(|at| is_awake(&self.rows[*at]))
            .collect();
        let runs = |piece: &Piece, awake: &BTreeSet<usize>| {
            piece.rows.is_empty() || piece.rows.iter().any(|row| awake.contains(row))
        };
        let mut met: Vec<(&Piece, Vec<&str>)> = Vec::new();
        for piece in &self.pieces {
            let is_over = has_run(&piece.module);
            // A module that runs again does so whenever something asks for it.
            let counts = |fact: &str, lasts: bool| !is_over || lasts || AGAIN.contains(&fact);
            let facts = piece.facts.iter().map(|(fact, lasts)| (fact.as_str(), *lasts));
            let facts = facts.filter(|(fact, lasts)| counts(fact, *lasts));
            met.push((piece, facts.map(|(fact, _)| fact).collect()));
        }
        loop {
            let mut woken = awake.clone();
            for (piece, facts) in met.iter().filter(|(piece, _)| runs(piece, &awake)) {
                woken.extend((0..self.rows.len()).filter(|at| self.rows[*at].is_woken(piece, facts)));
            }
            if woken.len() == awake.len() {
                break;
            }
            awake = woken;
        }
        // Backwards from the compiler: the functions that are awake and lead to it.
        let mut ends: BTreeSet<usize> = BTreeSet::new();
        loop {
            let mut more = ends.clone();
            let mut leads = BTreeSet::new();
            for (piece, facts) in met.iter().filter(|(piece, _)| runs(piece, &awake)) {
                for &fact in facts {
                    let leads_on = |at: &usize| self.rows[*at].is_woken(piece, &[fact]);
                    if !piece.compiles(fact) && !ends.iter().any(leads_on) {
                        continue;
                    }
                    more.extend(&piece.rows);
                    if piece.rows.is_empty() || piece.rows.iter().any(|row| is_awake(&self.rows[*row])) {
                        leads.insert((piece.module.as_str(), fact));
                    }
                }
            }
            if more.len() == ends.len() {
                return leads;
            }
            ends = more;
        }
    }
}

impl Row {
    /// Whether one of these facts leads to the row's functions.
    fn is_woken(&self, piece: &Piece, facts: &[&str]) -> bool {
        piece.module != self.module
            && (piece.is_program || !self.program)
            && self.callers.iter().any(|caller| facts.contains(&caller.as_str()))
    }
}

impl Piece {
    /// Whether this fact is a use of the compiler, or runs a module again.
    fn compiles(&self, fact: &str) -> bool {
        (BUILTINS.contains(&fact) && !HARMLESS.contains(&self.module.as_str()))
            || (AGAIN.contains(&fact) && self.is_program)
    }
}

impl ModuleGraph {
    /// Whether the program can still need the interpreter's compiler when it starts from a snapshot
    /// whose `sys.modules` has exactly these modules.
    pub fn needs_compiler_after(&self, preloaded: &BTreeSet<String>) -> bool {
        self.needs_compiler && !self.compiler_users_after(preloaded).is_empty()
    }

    /// Lists what then leads to the compiler, for messages: modules, and the names that they use.
    pub fn compiler_users_after(&self, preloaded: &BTreeSet<String>) -> BTreeSet<(&str, &str)> {
        // `__main__` has not run, even if something has imported its file under its own name.
        let is_main = |name: &str| self.entry.kind != EntryKind::Function && name == self.entry.module;
        let mut users = self
            .uses
            .find_leads(|name| preloaded.contains(name) && !is_main(name));
        let sources = self.uses.sources.iter();
        users.extend(sources.map(|(module, fact)| (module.as_str(), fact.as_str())));
        users
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(mentions: &[(&str, &str)]) -> bool {
        let mut map: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (fact, module) in mentions {
            map.entry((*fact).to_owned())
                .or_default()
                .insert((*module).to_owned());
        }
        is_needed(&map, |module| module != "app")
    }

    #[test]
    fn builtins_count_everywhere_and_sources_only_in_the_program() {
        assert!(!needed(&[]));
        assert!(!needed(&[("builtin compile", "_frozen_importlib_external")]));
        assert!(!needed(&[("builtin eval", "collections")]));
        assert!(needed(&[("builtin exec", "dataclasses")]));
        assert!(needed(&[("builtin exec", "app")]));
        assert!(!needed(&[("sys.path", "site")]));
        assert!(needed(&[("sys.path", "app")]));
    }
}
