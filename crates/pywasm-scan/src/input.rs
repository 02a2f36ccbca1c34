//! Describes the file to scan, and what the scan looks for in it.

use std::collections::BTreeSet;

use pywasm_digest::{Digest, Hasher};
use pywasm_target::Target;

use crate::names::Words;

/// A digest of the scanner itself, by its build script.
const SCANNER: &str = env!("PYWASM_SCANNER");

/// A function that imports the package that one of its arguments names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFunction {
    /// Its dotted names, each as an importer may know it.
    pub names: Vec<String>,
    /// The argument's position, from 0.
    pub position: usize,
    /// The argument's name.
    pub keyword: String,
}

/// What a file is the source of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A module.
    Module,
    /// A package: it is an `__init__.py`.
    Package,
}

/// How a file runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// When it is imported.
    Imported,
    /// As `__main__`, like `python -m MODULE`.
    Main,
    /// As `__main__`, like `python FILE`: it has no package to be relative to.
    Script,
}

impl Role {
    /// Whether it runs as `__main__`.
    pub fn is_main(self) -> bool {
        self != Self::Imported
    }
}

/// Who owns a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Python's standard library.
    Stdlib,
    /// The app or a dependency.
    Program,
}

/// What a scan looks for. It is the same for all files of a program.
#[derive(Debug, Clone, Copy)]
pub struct ScanRules<'a> {
    /// The platform that the program runs on.
    pub target: Target,
    /// The names whose mention decides something.
    pub interesting: &'a Words,
    /// The standard library's modules, without those inside of packages.
    pub stdlib_names: &'a BTreeSet<String>,
    /// The names and facts whose use leads to the compiler.
    pub watched: &'a Words,
    /// Functions of dependencies that import the package that an argument names.
    pub functions: &'a [ImportFunction],
}

impl ScanRules<'_> {
    /// Computes a digest of all that they say.
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        add_text(&mut hasher, &format!("{:?}", self.target));
        let sorted = |words: &'_ Words| words.iter().cloned().collect::<BTreeSet<String>>();
        add_texts(&mut hasher, &sorted(self.interesting));
        add_texts(&mut hasher, self.stdlib_names);
        add_texts(&mut hasher, &sorted(self.watched));
        for function in self.functions {
            add_texts(&mut hasher, &function.names);
            hasher.update(&(function.position as u64).to_le_bytes());
            add_texts(&mut hasher, [&function.keyword]);
        }
        hasher.finish()
    }
}

/// Adds texts to a digest, with their number.
fn add_texts<'t>(
    hasher: &mut Hasher,
    texts: impl IntoIterator<Item = &'t String, IntoIter: ExactSizeIterator>,
) {
    let texts = texts.into_iter();
    hasher.update(&(texts.len() as u64).to_le_bytes());
    for text in texts {
        add_text(hasher, text);
    }
}

/// Adds a text to a digest, with its length, so that two inputs never give the same bytes.
fn add_text(hasher: &mut Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

/// The file that is scanned.
#[derive(Debug, Clone, Copy)]
pub struct ScanInput<'a> {
    /// The module's name.
    pub name: &'a str,
    /// What it is the source of.
    pub kind: FileKind,
    /// How it runs.
    pub role: Role,
    /// Who owns it.
    pub owner: Owner,
    /// What the scan looks for.
    pub rules: &'a ScanRules<'a>,
}

impl ScanInput<'_> {
    /// Computes a digest of all that a scan of `text` depends on: the file, what the scan looks for
    /// ([`ScanRules::digest`]), and the scanner itself.
    pub fn digest(&self, text: &str, rules: Digest) -> Digest {
        let place = format!("{:?} {:?} {:?}", self.kind, self.role, self.owner);
        let mut hasher = Hasher::new();
        for part in [SCANNER, &rules.to_string(), self.name, &place, text] {
            add_text(&mut hasher, part);
        }
        hasher.finish()
    }

    /// Makes the absolute name of a relative import. `None` if it leads out of the package.
    pub fn absolute_name(&self, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned());
        }
        let up = match self.kind {
            FileKind::Package => level - 1,
            FileKind::Module => level,
        };
        let mut package = self.name;
        for _ in 0..up {
            package = package.rsplit_once('.')?.0;
        }
        if self.role == Role::Script {
            return None;
        }
        Some(if module.is_empty() {
            package.to_owned()
        } else {
            format!("{package}.{module}")
        })
    }
}

#[cfg(test)]
mod tests {
    use pywasm_target::PythonVersion;

    use super::*;

    #[test]
    fn each_input_of_a_scan_changes_its_digest() {
        let (none, no_names) = (Words::default(), BTreeSet::new());
        let rules = ScanRules {
            target: Target::new(PythonVersion::new(3, 13, 15)),
            interesting: &none,
            stdlib_names: &no_names,
            watched: &none,
            functions: &[],
        };
        let input = ScanInput {
            name: "a",
            kind: FileKind::Module,
            role: Role::Imported,
            owner: Owner::Program,
            rules: &rules,
        };
        let by = |rules: ScanRules<'_>| input.digest("x", rules.digest());
        let of = |input: ScanInput<'_>| input.digest("x", rules.digest());
        let words: Words = ["open".to_owned()].into_iter().collect();
        let names = BTreeSet::from(["json".to_owned()]);
        let function = |position, names: &[&str]| ImportFunction {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            position,
            keyword: "name".to_owned(),
        };
        let digests = [
            of(input),
            input.digest("y", rules.digest()),
            of(ScanInput { name: "b", ..input }),
            of(ScanInput {
                kind: FileKind::Package,
                ..input
            }),
            of(ScanInput {
                role: Role::Main,
                ..input
            }),
            of(ScanInput {
                role: Role::Script,
                ..input
            }),
            of(ScanInput {
                owner: Owner::Stdlib,
                ..input
            }),
            by(ScanRules {
                target: Target::new(PythonVersion::new(3, 13, 5)),
                ..rules
            }),
            by(ScanRules {
                interesting: &words,
                ..rules
            }),
            by(ScanRules {
                stdlib_names: &names,
                ..rules
            }),
            by(ScanRules {
                watched: &words,
                ..rules
            }),
            by(ScanRules {
                functions: &[function(0, &["a.load"])],
                ..rules
            }),
            by(ScanRules {
                functions: &[function(1, &["a.load"])],
                ..rules
            }),
            by(ScanRules {
                functions: &[function(0, &["a.load", "load"])],
                ..rules
            }),
        ];
        assert_eq!(BTreeSet::from(digests).len(), digests.len());
        assert_eq!(of(input), digests[0]);
    }
}
