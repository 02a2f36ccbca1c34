//! Tests whether a program can still need the interpreter's compiler after a snapshot. A native
//! interpreter that refuses to compile text after the import of the snapshot's modules checks each row of
//! the table.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pywasm_resolve::{DormantFunctions, ModuleGraph, Preload, Tables, resolve};
use tempfile::TempDir;

use super::native::run;
use super::real::{Base, base};
use super::stdlib::USES;

/// Imports what a snapshot holds, refuses to compile text from then on, and runs the program.
fn refusing(graph: &ModuleGraph, program: &str, list: &Path) -> String {
    let mut script = String::from("import sys, posix\nprogram = compile(");
    let _ = writeln!(script, "{program:?}, '<program>', 'exec')");
    for module in graph.preload(Preload::Stdlib) {
        let _ = writeln!(script, "__import__({:?})", module.name);
    }
    if graph.needs_site {
        script += "import site; site.setquit(); site.setcopyright(); site.sethelper()\n";
    }
    let _ = write!(
        script,
        "with open({list:?}, 'w') as file: print(*sys.modules, file=file)
def refuse(event, arguments):
    # The import system compiles files, which are bytecode in an artifact, and named tuples need no compiler there.
    if event == 'compile' and not (type(arguments[0]) is bytes and arguments[0].startswith(b'lambda _cls, ')):
        try:
            posix.stat(arguments[1])
        except OSError:
            raise RuntimeError('no compiler') from None
sys.addaudithook(refuse)
exec(program, {{'__name__': '__main__', '__file__': __file__}})
"
    );
    script
}

/// Whether the compiler counts as needed behind the snapshot, and what the program says without.
fn both(base: &Base, program: &str) -> (String, Result<(), String>) {
    let folder = TempDir::new().expect("a folder");
    for name in ["app", "packages"] {
        fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    let main = folder.path().join("app/main.py");
    fs::write(&main, program).expect("a file");
    let request = base.request(&folder.path().join("app"), &folder.path().join("packages"));
    let graph = match resolve(&request) {
        Ok(resolved) => resolved.graph,
        Err(error) => panic!("{error}\n{program}"),
    };
    let list = folder.path().join("list");
    let script = folder.path().join("script.py");
    fs::write(&script, refusing(&graph, program, &list)).expect("a file");
    let result = run(&graph, &script);
    let modules = fs::read_to_string(&list).unwrap_or_else(|_| panic!("{result:?}\n{program}"));
    let modules: BTreeSet<String> = modules.split_whitespace().map(str::to_owned).collect();
    let needed = graph.needs_compiler_after(&modules);
    let users = graph.compiler_users_after(&modules);
    assert_eq!(needed, !users.is_empty(), "{program}");
    (
        users
            .iter()
            .map(|(module, fact)| format!("{module}: {fact}; "))
            .collect(),
        result,
    )
}

#[test]
fn dormant_functions_sleep_and_wake() {
    let base = base();
    let mut wrong = Vec::new();
    for row in &Tables::stdlib().dormant {
        let DormantFunctions {
            module,
            functions,
            idle,
            check,
            ..
        } = row;
        let title = format!("{module} {functions:?}");
        let (needed, result) = both(&base, idle);
        if !needed.is_empty() {
            wrong.push(format!(
                "{title}: the compiler is kept for its idle program by {needed}"
            ));
        }
        if let Err(error) = result {
            wrong.push(format!(
                "{title}: its idle program fails without the compiler: {error}"
            ));
        }
        if check.is_empty() {
            continue;
        }
        let (needed, result) = both(&base, check);
        if needed.is_empty() {
            wrong.push(format!(
                "{title}: the compiler leaves for a program that needs it"
            ));
        }
        match result {
            Err(error) if error.contains("no compiler") => {}
            other => wrong.push(format!("{title}: its check compiles nothing: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn programs_that_keep_no_compiler_compile_nothing() {
    let base = base();
    let mut kept = Vec::new();
    for program in USES {
        let (needed, result) = both(&base, program);
        match result {
            Err(error) if error.contains("no compiler") => assert!(!needed.is_empty(), "{program}\n{error}"),
            Err(error) => panic!("{program}\n{error}"),
            Ok(()) if !needed.is_empty() => kept.push(format!("{program}\n   {needed}")),
            Ok(()) => {}
        }
    }
    // Where it is kept for nothing, at least that is not the rule.
    assert!(kept.len() * 4 < USES.len(), "{}", kept.join("\n"));
}
