//! What the program does with compiled code decides.

use pywasm_audit::{FileState, Level, RemedyKind, Verdict};

use crate::fixture::{Fixture, elf, of, wasm};

const LINUX: &str = "cp313-cp313-manylinux_2_28_x86_64";

#[test]
fn a_caught_import_is_a_fallback() {
    let fixture = Fixture::new("import fast\n", &["web"]);
    let source = b"try:\n    from ._speed import f\nexcept ImportError:\n    f = len\n";
    let speed = "fast/_speed.cpython-313-x86_64-linux-gnu.so";
    fixture.install(
        "web",
        &["fast; sys_platform == 'wasi'", "no; os_name == 'nt'"],
        "py3-none-any",
        &[("web.py", b"")],
    );
    fixture.install(
        "fast",
        &[],
        LINUX,
        &[("fast/__init__.py", source), (speed, &elf())],
    );
    let audit = fixture.audit();
    let fast = of(&audit, "fast");
    assert_eq!((fast.verdict, fast.level), (Verdict::Fallback, Level::None));
    assert_eq!(
        fast.reason,
        "`fast` works without `fast._speed` (vendor/fast/__init__.py:2)"
    );
    assert_eq!(fast.path, ["web", "fast"]);
    assert_eq!(fast.files[0].state, FileState::Caught);
    assert_eq!(of(&audit, "web").outcome(), "not imported, left out");
    assert_eq!(audit.level(), Level::None);
}

#[test]
fn source_beside_compiled_code_is_a_fallback() {
    let fixture = Fixture::new("import twin\n", &["twin"]);
    let files: [(&str, &[u8]); 2] = [("twin.py", b""), ("twin.cpython-313-x86_64-linux-gnu.so", &elf())];
    fixture.install("twin", &[], LINUX, &files);
    let audit = fixture.audit();
    let twin = of(&audit, "twin");
    assert_eq!(twin.verdict, Verdict::Fallback);
    assert_eq!(twin.files[0].state, FileState::Shadowed);
}

#[test]
fn what_cannot_be_done_without_cannot_run() {
    let fixture = Fixture::new("\nfrom front import go\n", &["front"]);
    fixture.install(
        "front",
        &["must"],
        "py3-none-any",
        &[("front.py", b"import must\ndef go(): pass\n")],
    );
    let files: [(&str, &[u8]); 3] = [
        ("must/__init__.py", b"from must._core import x\n"),
        ("must/_core.abi3.so", &elf()),
        // Stubs do not make it a package of Python files.
        ("must/_core/__init__.pyi", b""),
    ];
    fixture.install("must", &[], LINUX, &files);
    let audit = fixture.audit();
    let must = of(&audit, "must");
    assert_eq!((must.verdict, must.level), (Verdict::Native, Level::Error));
    assert_eq!(
        must.chain,
        [
            "main is where the program starts",
            "main imports front (main.py:2)",
            "front imports must (vendor/front.py:1)",
            "must imports must._core (vendor/must/__init__.py:1)",
        ]
    );
    let place = must.place.as_ref().expect("a place");
    assert_eq!((place.file.as_str(), place.line), ("main.py", 2));
    let kinds: Vec<RemedyKind> = must.remedies.iter().map(|remedy| remedy.kind).collect();
    assert_eq!(kinds, [RemedyKind::Compile, RemedyKind::Move]);
    let front = of(&audit, "front");
    assert_eq!((front.verdict, front.level), (Verdict::Pure, Level::Error));
    assert_eq!(front.blocked_by, ["must"]);
    // Nothing of it is told twice.
    assert_eq!(audit.problems, []);
}

#[test]
fn an_import_in_a_function_is_a_warning() {
    let fixture = Fixture::new("import late\n", &["late"]);
    let files: [(&str, &[u8]); 2] = [
        ("late/__init__.py", b"def f():\n    from . import _c\n"),
        ("late/_c.abi3.so", &elf()),
    ];
    fixture.install("late", &[], LINUX, &files);
    let audit = fixture.audit();
    let late = of(&audit, "late");
    assert_eq!((late.verdict, late.level), (Verdict::Native, Level::Warning));
    assert_eq!(audit.level(), Level::Warning);
}

#[test]
fn what_nothing_imports_is_left_out() {
    let fixture = Fixture::new("", &["idle"]);
    fixture.install("idle", &[], LINUX, &[("idle.abi3.so", &elf())]);
    let audit = fixture.audit();
    let idle = of(&audit, "idle");
    assert_eq!((idle.verdict, idle.level), (Verdict::Native, Level::Note));
    assert!(
        idle.reason
            .ends_with("nothing imports it, so the artifact leaves it out")
    );
    let place = idle.place.as_ref().expect("a place");
    assert_eq!((place.file.as_str(), place.line), ("pyproject.toml", 5));
}

#[test]
fn builds_of_emscripten_are_not_for_wasi() {
    let fixture = Fixture::new("", &["a", "b", "c"]);
    fixture.install(
        "a",
        &[],
        "cp313-cp313-wasi_0_0_0_wasm32",
        &[("a.so", &wasm("PyLong_FromLong"))],
    );
    fixture.install(
        "b",
        &[],
        "cp313-cp313-pyodide_2025_0_wasm32",
        &[("b.so", &wasm("PyLong_FromLong"))],
    );
    fixture.install(
        "c",
        &[],
        "cp313-cp313-any",
        &[("c.so", &wasm("emscripten_stack_get_base"))],
    );
    let audit = fixture.audit();
    assert_eq!(of(&audit, "a").verdict, Verdict::Wasi);
    assert_eq!(of(&audit, "b").verdict, Verdict::Native);
    assert!(of(&audit, "b").reason.contains("built for Emscripten"));
    assert_eq!(of(&audit, "c").verdict, Verdict::Native);
}

#[test]
fn compiled_code_of_no_distribution_has_a_verdict() {
    let fixture = Fixture::new("import loose.c\n", &[]);
    fixture.write("vendor/loose/__init__.py", "");
    fixture.write("vendor/loose/c.abi3.so", elf());
    let audit = fixture.audit();
    let loose = of(&audit, "loose");
    assert_eq!((loose.version.as_deref(), loose.level), (None, Level::Error));
    assert_eq!(loose.files[0].file, "vendor/loose/c.abi3.so");
}

#[test]
fn modules_and_calls_that_wasi_lacks_have_their_lines() {
    let main = "import os\nimport ssl\nimport threading\ntry:\n    import fcntl\nexcept ImportError:\n    fcntl = None\n\
                os.fork()\nthreading.Thread().start()\n\ndef f():\n    os.system('x')\n";
    let fixture = Fixture::new(main, &["dep"]);
    fixture.install(
        "dep",
        &[],
        "py3-none-any",
        &[("dep.py", b"import os\ndef g():\n    os.fork()\n")],
    );
    fixture.write("main.py", format!("import dep\n{main}"));
    let audit = fixture.audit();
    let modules: Vec<(&str, Level)> = audit
        .stdlib
        .iter()
        .map(|one| (one.module.as_str(), one.level))
        .collect();
    assert_eq!(modules, [("ssl", Level::Error), ("fcntl", Level::Note)]);
    assert_eq!(audit.stdlib[0].importers[0].place.line, 3);
    let calls: Vec<(&str, u32, Level)> = audit
        .calls
        .iter()
        .map(|call| (call.call.as_str(), call.place.line, call.level))
        .collect();
    assert_eq!(
        calls,
        [
            ("os.fork", 9, Level::Warning),
            ("threading.Thread().start", 10, Level::Warning),
            ("os.system", 13, Level::Warning),
            ("os.fork", 3, Level::Note),
        ]
    );
    assert_eq!(audit.calls[3].distribution.as_deref(), Some("dep"));
}

#[test]
fn all_verdicts_are_given_beside_other_errors() {
    let fixture = Fixture::new("import must\nimport nowhere\nx = = 1\n", &["must"]);
    fixture.install("must", &[], LINUX, &[("must.abi3.so", &elf())]);
    let audit = fixture.audit();
    assert_eq!(of(&audit, "must").level, Level::Error);
    assert_eq!(audit.problems.len(), 2, "{:?}", audit.problems);
    assert_eq!(audit.summary.errors, 3);
}
