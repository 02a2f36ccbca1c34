//! A part of CPython's own tests: what passes natively passes in an artifact, or `testdata/cpython/causes.toml` says why
//! not. `scripts/cpython-tests.sh` runs all of them.

use crate::setup;

/// Files that are quick, and about what programs use most.
const FILES: [&str; 25] = [
    "test_bytes",
    "test_collections",
    "test_contextlib",
    "test_dataclasses",
    "test_dict",
    "test_exceptions",
    "test_float",
    "test_functools",
    "test_generators",
    "test_glob",
    "test_grp",
    "test_int",
    "test_json",
    "test_math",
    "test_mmap",
    "test_os",
    "test_pathlib",
    "test_pickle",
    "test_posix",
    "test_re",
    "test_shutil",
    "test_str",
    "test_struct",
    "test_tempfile",
    "test_time",
];

#[test]
fn pass_where_they_pass_natively() {
    let folder = setup::temporary();
    let python = setup::native_python();
    let output = setup::bare(&python, folder.path())
        .env("PYWASM_HOME", setup::home())
        .env("PYWASM", setup::PYWASM)
        .args(["-B", "-E", "-s", "-X", "utf8"])
        .arg(setup::root().join("scripts/cpython_tests.py"))
        .arg("--kept")
        .arg(folder.path().join("kept"))
        .args(FILES)
        .output()
        .expect("the native Python starts");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
