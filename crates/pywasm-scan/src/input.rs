//! Describes the file to scan, and what the scan looks for in it.

use std::collections::BTreeSet;

use pywasm_target::Target;

use crate::names::Words;

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
    /// The platform that it runs on.
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

impl ScanInput<'_> {
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
