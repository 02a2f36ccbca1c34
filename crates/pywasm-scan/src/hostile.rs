//! Tests that a hostile file takes neither all time nor all stack.

use std::collections::BTreeSet;
use std::thread;

use pywasm_target::{PythonVersion, Target};

use crate::{FileKind, Owner, Role, ScanInput, ScanRules, Words, find_calls, find_plugins, scan};

/// Scans a text and looks for calls in it, with as much stack as a scan has in a build.
fn read(text: &str) {
    let target = Target::new(PythonVersion::new(3, 13, 15));
    let words = Words::default();
    let rules = ScanRules {
        target,
        interesting: &words,
        stdlib_names: &BTreeSet::new(),
        watched: &words,
        functions: &[],
    };
    let input = ScanInput {
        name: "mod",
        kind: FileKind::Module,
        role: Role::Main,
        owner: Owner::Program,
        rules: &rules,
    };
    let scanned = || scan(text, input).faults;
    let called = || {
        (
            find_calls(text, Role::Main, target, &|_| true),
            find_plugins(text),
        )
    };
    thread::scope(|scope| {
        let scanner = thread::Builder::new()
            .stack_size(256 << 20)
            .spawn_scoped(scope, scanned);
        let faults = scanner.expect("a thread").join().expect("no panic");
        assert!(faults.len() <= 100);
        let finder = thread::Builder::new()
            .stack_size(256 << 20)
            .spawn_scoped(scope, called);
        let (calls, _) = finder.expect("a thread").join().expect("no panic");
        assert!(calls.len() <= 1000);
    });
}

/// Each name stands for several others, 15 times.
fn tower(line: impl Fn(&str, &str) -> String) -> String {
    (0..15)
        .map(|at| line(&format!("a{at}"), &format!("a{}", at + 1)))
        .collect()
}

#[test]
fn names_that_stand_for_many_others_take_no_exponential_time() {
    let many = |name: &str| vec![name; 50].join(", ");
    let loops = tower(|name, next| format!("for {name} in ({}): pass\n", many(next)));
    read(&format!(
        "import importlib\n{loops}for a15 in ('x', 'y'): pass\nimportlib.import_module(a0)\n"
    ));
    let tuples = tower(|name, next| format!("{name} = ({})\n", many(next)));
    read(&format!(
        "import os, sys\n{tuples}a15 = sys.platform\nif a0: os.fork()\n"
    ));
    let texts = tower(|name, next| format!("{name} = ''.join([{}])\n", many(next)));
    read(&format!(
        "import importlib\n{texts}a15 = '{}'\nimportlib.import_module(a0)\n",
        "x".repeat(5000)
    ));
}

#[test]
fn what_is_nested_deep_takes_no_stack() {
    let (open, shut) = (|text: &str| text.repeat(20_000), |text: &str| text.repeat(20_000));
    for text in [
        format!("import os\nif {}1: os.fork()\n", open("a + ")),
        format!("import os\nif {}a{}: os.fork()\n", open("(a and "), shut(")")),
        format!("for {}a{} in b: pass\n", open("("), shut(",)")),
        format!("__all__ = {}{}\n", open("["), shut("]")),
        format!("__all__ = {}[]{}\n", open("[] + ("), shut(")")),
        format!("def f(x: {}b): pass\n", open("a | ")),
        format!("x = {{'a': ('m', {}1{})}}\n", open("("), shut(",)")),
        format!("exec('{}1')\n", open("-")),
        format!("match x:\n  case {}a{}: pass\n", open("["), shut("]")),
        format!("x = {}\n", open("(")),
    ] {
        read(&text);
    }
}

#[test]
fn a_file_of_faults_lists_the_first() {
    read(&format!("async def f():\n  {}a\n", "await ".repeat(20_000)));
    read(&format!("import os\n{}", "os.fork()\n".repeat(20_000)));
}
