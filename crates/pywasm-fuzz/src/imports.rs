//! Prints what the scanner finds, for `scripts/fuzz/scan.py`. In: the paths of Python files, one a line on
//! standard input. Out: a line of JSON for each, with the statements that import: line, module and names.

use std::io::{self, BufRead as _, Write as _};
use std::path::Path;

use pywasm_fuzz::target::scan::scan_as;
use pywasm_scan::{Codecs, FileKind, FileScan, Form, ImportTarget, Role, read_source};
use serde_json::{Value, json};

/// Answers until the input ends.
pub(crate) fn answer() -> io::Result<()> {
    let codecs = Codecs::default();
    let mut out = io::stdout().lock();
    for path in io::stdin().lock().lines() {
        let answer = match read_source(Path::new(&path?), &codecs) {
            Ok(source) => imports(&source.text),
            Err(error) => json!({ "unreadable": error.message }),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn imports(text: &str) -> Value {
    let FileScan { scan, faults } = scan_as(text, "pkg.sub.mod", FileKind::Module, Role::Imported);
    let statements = scan
        .imports
        .iter()
        .filter(|import| import.form == Form::Statement);
    let found: Vec<Value> = statements
        .map(|import| {
            let (module, mut names, star) = match &import.target {
                ImportTarget::Module(module) => (module.clone(), Vec::new(), false),
                ImportTarget::Names { module, names, star } => (module.clone(), names.clone(), *star),
                ImportTarget::Beyond(text) => (text.clone(), vec!["?".to_owned()], false),
            };
            if star {
                names.push("*".to_owned());
            }
            json!([import.line.number(), module, names])
        })
        .collect();
    let faults: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    json!({ "imports": found, "faults": faults })
}
