//! Writes the files of a small project to start from.

use std::borrow::Cow;

use pywasm_diagnostic::{Explain, Fault};

const GITIGNORE: &str = "/dist\n__pycache__/\n";

/// A name that no project can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be a project's name: it starts with a letter and holds letters, digits, `-`, `_` and `.`"
)]
pub struct InvalidName(String);

impl Explain for InvalidName {
    fn hint(&self) -> Option<Cow<'_, str>> {
        Some("give another one with --name".into())
    }

    fn fault(&self) -> Fault {
        Fault::Usage
    }
}

/// The world of a new component.
const WIT: &str = "package app:greeter@0.1.0;

interface greeting {
  /// Greets somebody; fails without a name.
  greet: func(who: string) -> result<string, string>;
}

world app {
  export greeting;
}
";

/// The files of a new project with this name: their paths in its folder, and their texts.
///
/// # Errors
/// When the name cannot be that of a project.
pub fn template(name: &str) -> Result<Vec<(String, String)>, InvalidName> {
    let module = module_name(name)?;
    Ok(vec![
        ("pyproject.toml".to_owned(), pyproject(name, &module)),
        (
            format!("src/{module}/__init__.py"),
            format!("\"\"\"{name}: a small project for pywasm.\"\"\"\n"),
        ),
        (format!("src/{module}/__main__.py"), main_module(name)),
        (".gitignore".to_owned(), GITIGNORE.to_owned()),
    ])
}

/// As [`template`], of a project that is a component.
///
/// # Errors
/// When the name cannot be that of a project.
pub fn component_template(name: &str) -> Result<Vec<(String, String)>, InvalidName> {
    let module = module_name(name)?;
    Ok(vec![
        (
            "pyproject.toml".to_owned(),
            pyproject(name, &module) + "\n[tool.pywasm.component]\nworld = \"app\"\n",
        ),
        (format!("src/{module}/__init__.py"), component_module(name)),
        ("wit/world.wit".to_owned(), WIT.to_owned()),
        (".gitignore".to_owned(), GITIGNORE.to_owned()),
    ])
}

/// The importable form of a project's name.
fn module_name(name: &str) -> Result<String, InvalidName> {
    let module: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    let starts_well = module.starts_with(|c: char| c.is_ascii_lowercase());
    let is_plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if starts_well && is_plain {
        Ok(module)
    } else {
        Err(InvalidName(name.to_owned()))
    }
}

fn pyproject(name: &str, module: &str) -> String {
    format!(
        "[project]\nname = \"{name}\"\nversion = \"0.1.0\"\nrequires-python = \">=3.13\"\n\n\
         [tool.pywasm]\nentry = \"{module}\"\n"
    )
}

fn main_module(name: &str) -> String {
    format!(
        r#""""Greets whom the command line names."""

import argparse
import sys


def main() -> int:
    parser = argparse.ArgumentParser(prog="{name}", description=__doc__)
    parser.add_argument("who", nargs="*", default=["world"], help="whom to greet")
    for who in parser.parse_args().who:
        print(f"Hello, {{who}}!")
    return 0


if __name__ == "__main__":
    sys.exit(main())
"#
    )
}

fn component_module(name: &str) -> String {
    format!(
        r#""""{name}: a small component for pywasm."""

from componentize_py_types import Err
from wit_world import exports


class Greeting(exports.Greeting):
    def greet(self, who: str) -> str:
        if not who:
            raise Err("there is nobody to greet")
        return f"Hello, {{who}}!"
"#
    )
}
