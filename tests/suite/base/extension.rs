//! Extension modules in C: what they can do, and what is compiled again after a change. What can be
//! wrong with them is in `testdata/errors/extension_*`.

use std::{fs, path::Path};

use crate::setup;

/// Builds the project and runs it; what it printed, and what the build said.
pub(crate) fn run(project: &Path, options: &[&str]) -> (String, String) {
    let out = setup::temporary();
    let mut build = setup::pywasm(project);
    let built = setup::succeed(build.arg("build").args(options).arg("--out-dir").arg(out.path()));
    let is_module = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "wasm");
    let module = setup::list(out.path()).into_iter().find(is_module);
    let module = module.expect("a build writes a module");
    let ran = setup::succeed(setup::pywasm(project).arg("run").arg(module));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(ran.stdout), text(built.stderr))
}

/// A copy of a project, to be changed.
pub(crate) fn copy_of(name: &str) -> tempfile::TempDir {
    let copy = setup::temporary();
    setup::copy(&setup::root().join("testdata/extensions").join(name), copy.path());
    copy
}

const PROBED: &str = "\
probe._core built-in
(42, 0, 'hello')
Point(4.5, 2.0) 2.0 Point(3.0, 0.0)
sorted_numbers -7,2,16,30
mathematics -0.250000 0.291997 1155.381014 2
characters 4 GRüN Numerical result out of range
calendar 2023-11-14 22:13:20
wide_division 11341308299
1/3
LookupError no function nothing
TypeError call() takes exactly 2 arguments (1 given)
TypeError must be real number, not str
(42, 6, 'hello')
";

#[test]
fn what_c_code_can_do() {
    let project = copy_of("probe");
    for options in [
        &["--profile", "dev"][..],
        &["--preinit", "app", "--optimize", "speed"],
    ] {
        let (printed, said) = run(project.path(), options);
        assert_eq!(printed, PROBED, "{options:?}");
        assert!(
            said.contains("nothing imports the extension module `unused`, so it is left out"),
            "{said}"
        );
    }
}

#[test]
fn a_changed_header_is_compiled_anew() {
    let project = copy_of("probe");
    let options = ["--profile", "dev"];
    assert!(run(project.path(), &options).0.contains("(42, 6, 'hello')"));
    let header = project.path().join("c/probe.h");
    let text = fs::read_to_string(&header).expect("a header");
    fs::write(&header, text.replace("\"hello\"", "\"goodbye\"")).expect("written");
    assert!(run(project.path(), &options).0.contains("(42, 6, 'goodbye')"));
}
