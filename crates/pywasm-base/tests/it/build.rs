//! Tests a base build up to the compilation, which the project's scripts test with the real sources.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use pywasm_base::{
    BuildOptions, Error, Host, Installation, Pins, Store, build, find_base, provision, recipe_digest,
};
use pywasm_host::Quiet;

use crate::fixture::{Place, write};

/// A machine on which every program of a WASI SDK and of the system is a script that does nothing.
#[cfg(unix)]
fn pretend(place: &Place) -> Host {
    // Through another process: a program that this one has open for writing while another test
    // forks could not be run ("text file busy").
    let program = |path: PathBuf, script: &str| {
        write(&path, b"");
        let text = format!("#!/bin/sh\n{script}\n");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", r#"rm "$0" && printf %s "$1" > "$0" && chmod +x "$0""#])
            .arg(path)
            .arg(text);
        assert!(shell.status().expect("runs").success());
    };
    let sdk = place.path("sdk");
    for name in ["clang", "llvm-ar", "llvm-ranlib"] {
        program(sdk.join("bin").join(name), "exit 0");
    }
    fs::create_dir_all(sdk.join("share/wasi-sysroot")).expect("a folder");
    let bin = place.path("bin");
    for name in ["cc", "make", "tar", "xz", "tclsh"] {
        program(bin.join(name), "exit 0");
    }
    program(bin.join("bash"), "exit 0");
    Host {
        path: bin.into(),
        wasi_sdk: Some(sdk),
    }
}

fn error(result: Result<Installation, Error>) -> Error {
    result.expect_err("it cannot work")
}

#[test]
fn a_missing_toolchain_comes_first() {
    let place = Place::new();
    let options = BuildOptions {
        offline: true,
        ..BuildOptions::default()
    };
    for error in [
        error(build(&place.home, &options, &Quiet)),
        error(provision(&place.home, &options, &Quiet)),
    ] {
        assert!(matches!(error, Error::Toolchain { .. }), "{error}");
        assert!(
            error
                .hint()
                .expect("a hint")
                .starts_with("apt-get install clang-19 ")
        );
    }
}

#[test]
fn an_unknown_python() {
    let place = Place::new();
    let options = BuildOptions {
        python: Some("2.7".into()),
        ..BuildOptions::default()
    };
    let expected = "pywasm has no recipe for Python 2.7 (it has recipes for 3.13.15, 3.13.5)";
    assert_eq!(error(build(&place.home, &options, &Quiet)).to_string(), expected);
    assert_eq!(
        error(provision(&place.home, &options, &Quiet)).to_string(),
        expected
    );
}

#[cfg(unix)]
#[test]
fn offline_names_every_missing_source() {
    let place = Place::new();
    let host = pretend(&place);
    let options = BuildOptions {
        offline: true,
        host,
        ..BuildOptions::default()
    };
    let error = error(provision(&place.home, &options, &Quiet));
    let Error::Offline { missing } = &error else {
        panic!("{error}")
    };
    let pins = Pins::embedded().expect("pins");
    let archives = pins.archives(pins.default_python());
    let expected: Vec<_> = archives
        .iter()
        .map(|archive| format!("{} (SHA-256 {})", archive.file, archive.sha256))
        .collect();
    assert_eq!(missing, &expected);
    assert!(error.hint().expect("a hint").contains("--sources FOLDER"));
    assert_eq!(left_in_build(&place), [".lock"]);
}

#[cfg(unix)]
#[test]
fn a_work_folder_that_is_not_empty() {
    let place = Place::new();
    let host = pretend(&place);
    write(&place.path("work/mine"), b"");
    let keep_work = Some(place.path("work"));
    let options = BuildOptions {
        offline: true,
        host,
        keep_work,
        ..BuildOptions::default()
    };
    let error = error(build(&place.home, &options, &Quiet));
    assert!(matches!(error, Error::WorkNotEmpty { .. }), "{error}");
    assert!(place.path("work/mine").exists());
}

#[test]
fn a_base_in_the_store_needs_no_build() {
    let place = Place::new();
    assert_eq!(find_base(&place.home, None).expect("looked"), None);
    let base = place.base_of("a", "3.13.15", recipe_digest(), pywasm_base::BASE_ABI);
    fs::create_dir_all(place.home.bases()).expect("a folder");
    fs::rename(base.dir(), place.home.bases().join(base.id())).expect("moved");
    // The default host has no toolchain at all.
    let installed = provision(&place.home, &BuildOptions::default(), &Quiet).expect("provisioned");
    assert!(installed.was_there);
    assert_eq!(installed.base.id(), base.id());
    assert!(find_base(&place.home, Some("3.13")).expect("looked").is_some());
    assert_eq!(Store::new(&place.home).list().expect("listed").bases.len(), 1);
}

#[cfg(unix)]
fn left_in_build(place: &Place) -> Vec<String> {
    let entries = fs::read_dir(place.home.build()).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
