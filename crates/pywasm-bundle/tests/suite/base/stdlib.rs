//! Runs the whole standard library through the compiler and `marshal::canonicalise`: the result
//! depends only on the source, and loads as the same code.

use std::path::Path;

use pywasm_bundle::bytecode::{Docstrings, Request, decode_answers, encode_requests};
use pywasm_bundle::marshal::{Columns, canonicalise};

use super::native;

/// All Python files of the standard library, sorted, with their paths in it.
fn stdlib() -> Vec<(String, Vec<u8>)> {
    let script = "import os; print(os.path.dirname(os.__file__), end='')";
    let folder = String::from_utf8(native::run(script, "0", b"")).expect("a path in UTF-8");
    let mut files = Vec::new();
    collect(Path::new(&folder), "", &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, inside: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("the standard library is readable") {
        let entry = entry.expect("the standard library is readable");
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        let path = format!("{inside}{name}");
        if entry.file_type().expect("a file type").is_dir() {
            // The test suite holds files that are not meant to compile.
            if !matches!(name.as_str(), "test" | "tests" | "idle_test") {
                collect(&entry.path(), &format!("{path}/"), files);
            }
        } else if name.ends_with(".py") {
            files.push((path, std::fs::read(entry.path()).expect("a readable file")));
        }
    }
}

/// Goes before the compiler's script: no code object is freed, so that later files find all the
/// strings that earlier ones have interned.
const KEEP_ALL: &str = "
kept = []
real_compile = compile
def compile(*arguments):
    kept.append(real_compile(*arguments))
    return kept[-1] if hasattr(kept[-1], 'co_code') else kept.pop()
";

/// Canonical code by file, compiled in one process in the order of `files`.
fn compile(
    files: &[(String, Vec<u8>)],
    docstrings: Docstrings,
    columns: Columns,
    script: &str,
    hash_seed: &str,
) -> Vec<Vec<u8>> {
    let requests: Vec<_> = files
        .iter()
        .map(|(file_name, source)| Request {
            file_name,
            source,
            docstrings,
        })
        .collect();
    let output = native::run(script, hash_seed, &encode_requests(&requests));
    let answers = decode_answers(&output, requests.len())
        .expect("the compiler answers")
        .answers;
    let code = answers.into_iter().zip(files).map(|(answer, (name, _))| {
        let code = answer
            .outcome
            .unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        canonicalise(&code, columns).unwrap_or_else(|error| panic!("{name}: {error}"))
    });
    code.collect()
}

#[test]
fn the_same_source_gives_the_same_bytes_whatever_was_compiled_before() {
    let files = stdlib();
    assert!(files.len() > 500, "{} files", files.len());
    // A process that has seen each file before, and in another order.
    let warm_script = [KEEP_ALL, native::COMPILE].concat();
    let twice: Vec<_> = files.iter().chain(&files).rev().cloned().collect();
    for (docstrings, columns) in [
        (Docstrings::Keep, Columns::Keep),
        (Docstrings::Strip, Columns::Drop),
    ] {
        let cold = compile(&files, docstrings, columns, native::COMPILE, "0");
        let warm = compile(&twice, docstrings, columns, &warm_script, "4711");
        for ((name, _), (cold, warm)) in files.iter().zip(cold.iter().zip(warm.iter().rev())) {
            assert!(cold == warm, "{name} depends on the process");
            assert!(
                canonicalise(cold, columns).as_ref() == Ok(cold),
                "{name} is not a fixed point"
            );
        }
    }
}

/// What differs between canonical code and what the source compiles to.
fn differences(columns: Columns) -> String {
    let files = stdlib();
    let code = compile(&files, Docstrings::Keep, columns, native::COMPILE, "0");
    let mut input = Vec::new();
    for ((name, source), code) in files.iter().zip(&code) {
        for block in [name.as_bytes(), source, code] {
            input.extend_from_slice(&(block.len() as u64).to_le_bytes());
            input.extend_from_slice(block);
        }
    }
    input.extend_from_slice(&[0; 8]);
    let lines_only = columns == Columns::Drop;
    let script = include_str!("python/same_code.py").replace(
        "LINES_ONLY = 0",
        &format!("LINES_ONLY = {}", u8::from(lines_only)),
    );
    String::from_utf8(native::run(&script, "0", &input)).expect("text")
}

#[test]
fn canonical_code_loads_as_what_the_source_compiles_to() {
    assert_eq!(differences(Columns::Keep), "");
}

#[test]
fn code_without_columns_differs_in_nothing_else() {
    assert_eq!(differences(Columns::Drop), "");
}
