//! Tests that every entry of `stdlib.toml` is right and needed: its programs run with the modules that
//! the resolver finds, and fail without the entry.

use std::fs;

use pywasm_resolve::{ModuleGraph, TableEntry, Tables, resolve_with};
use tempfile::TempDir;

use super::native::run;
use super::real::{Base, base};

/// A time zone file with one type, `XXX`, an hour east of Greenwich.
const ZONE: &[u8] = b"TZif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04\0\0\x0e\x10\0\0XXX\0";

struct Bench {
    base: Base,
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        // A package that the real one has the form of.
        for package in ["tzdata", "tzdata/zoneinfo", "tzdata/zoneinfo/Mars"] {
            let package = folder.path().join("packages").join(package);
            fs::create_dir_all(&package).expect("a folder");
            fs::write(package.join("__init__.py"), "").expect("a file");
        }
        fs::write(folder.path().join("packages/tzdata/zoneinfo/Mars/Olympus"), ZONE).expect("a file");
        fs::create_dir(folder.path().join("app")).expect("a folder");
        Self { base: base(), folder }
    }

    fn app(&self) -> std::path::PathBuf {
        self.folder.path().join("app")
    }

    fn resolve(&self, program: &str, tables: &Tables) -> ModuleGraph {
        fs::write(self.app().join("main.py"), program).expect("a file");
        let request = self
            .base
            .request(&self.app(), &self.folder.path().join("packages"));
        match resolve_with(&request, tables) {
            Ok(resolved) => resolved.graph,
            Err(error) => panic!("{error}\n{program}"),
        }
    }

    fn run(&self, program: &str, tables: &Tables) -> Result<(), String> {
        let graph = self.resolve(program, tables);
        run(&graph, &self.app().join("main.py"))
    }
}

fn title(entry: &TableEntry) -> String {
    format!("{:?} -> {:?}", entry.importer, entry.imports)
}

#[test]
fn hidden_imports_are_needed() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for (number, entry) in Tables::stdlib().hidden.iter().enumerate() {
        if let Err(error) = bench.run(&entry.check, Tables::stdlib()) {
            wrong.push(format!("{} does not work with its entry: {error}", title(entry)));
        }
        let mut without = Tables::stdlib().clone();
        without.hidden.remove(number);
        let graph = bench.resolve(&entry.check, &without);
        if run(&graph, &bench.app().join("main.py")).is_ok() {
            let chains = entry.imports.iter().filter_map(|import| graph.why(import));
            let chains: Vec<String> = chains.map(|chain| chain.to_string()).collect();
            wrong.push(format!("{} is not needed\n{}", title(entry), chains.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn cuts_are_right() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for entry in &Tables::stdlib().cut {
        assert!(
            !entry.idle.is_empty(),
            "{} has no program that does without",
            title(entry)
        );
        let graph = bench.resolve(&entry.idle, Tables::stdlib());
        for import in &entry.imports {
            if graph.modules.contains_key(import) {
                let chain = graph
                    .why(import)
                    .map(|chain| chain.to_string())
                    .unwrap_or_default();
                wrong.push(format!(
                    "{}: {import} is there though nothing needs it:\n{chain}",
                    title(entry)
                ));
            }
        }
        if let Err(error) = run(&graph, &bench.app().join("main.py")) {
            wrong.push(format!("{} is needed by the idle program: {error}", title(entry)));
        }
        if entry.check.is_empty() {
            continue;
        }
        if let Err(error) = bench.run(&entry.check, Tables::stdlib()) {
            wrong.push(format!("{} is not let through: {error}", title(entry)));
        }
        let mut closed = Tables::stdlib().clone();
        // What two C modules import for the same purpose is cut in both.
        closed
            .cut
            .iter_mut()
            .filter(|cut| cut.imports == entry.imports)
            .for_each(|cut| cut.when.clear());
        let graph = bench.resolve(&entry.check, &closed);
        if run(&graph, &bench.app().join("main.py")).is_ok() {
            let chains = entry.imports.iter().filter_map(|import| graph.why(import));
            let chains: Vec<String> = chains.map(|chain| chain.to_string()).collect();
            wrong.push(format!(
                "{} is not needed by its check\n{}",
                title(entry),
                chains.join("\n")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn entries_say_why() {
    for entry in Tables::stdlib().hidden.iter().chain(&Tables::stdlib().cut) {
        assert!(entry.reason.len() > 20, "{} has no reason", title(entry));
        assert!(!entry.imports.is_empty());
    }
}
