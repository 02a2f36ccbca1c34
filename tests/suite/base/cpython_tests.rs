//! A part of CPython's own tests: what passes natively passes in artifacts that are built as users build them, or
//! `testdata/cpython/causes.toml` says why not. `scripts/cpython-tests.sh` runs all of them, also on the base.

use crate::setup;

/// Files that are quick, and about what programs use most.
const FILES: [&str; 30] = [
    "test_argparse",
    "test_bytes",
    "test_codecs",
    "test_collections",
    "test_configparser",
    "test_contextlib",
    "test_dataclasses",
    "test_dict",
    "test_email",
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
    "test_zoneinfo",
];

#[test]
fn pass_where_they_pass_natively() {
    let folder = setup::temporary();
    let mut command = setup::script("cpython/main.py", folder.path());
    command
        .env("PYWASM", setup::PYWASM)
        .args(["--ways", "artifact", "--kept"])
        .arg(folder.path().join("kept"));
    setup::succeed(command.args(FILES));
}
