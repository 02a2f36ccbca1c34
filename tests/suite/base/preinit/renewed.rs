//! What has to be new at each start of one file: numbers, clocks, folders, streams.

use std::{
    fs,
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{Built, artifact, built, native, run, told};
use crate::setup;

pub(crate) const MODES: [&str; 2] = ["app", "stdlib"];

pub(crate) fn state(mode: &str) -> std::sync::Arc<Built> {
    built("state", &["--profile", "dev", "--preinit", mode])
}

/// Standard output of a check that succeeds, up to what the exit functions print.
fn output(mut command: Command, check: &str, stdin: &str) -> Vec<String> {
    command.args(["--", check]);
    let (code, stdout, stderr) = told("state", &run(command, stdin));
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{check}: {stdout}");
    let end = stdout
        .find("finalizer of the import")
        .expect("the end of every check");
    stdout[..end].lines().map(str::to_owned).collect()
}

#[test]
fn numbers_differ_from_start_to_start() {
    for mode in MODES {
        let built = state(mode);
        let folder = setup::temporary();
        let starts: Vec<_> = (0..3)
            .map(|_| output(artifact(&built, folder.path()), "drawn", ""))
            .collect();
        assert_eq!(starts[0].len(), 14, "{:?}", starts[0]);
        for (one, other) in [(0, 1), (1, 2), (0, 2)] {
            for (left, right) in starts[one].iter().zip(&starts[other]) {
                assert_ne!(left, right, "preinit {mode}: the same in two starts");
            }
        }
    }
}

#[test]
fn clocks_are_those_of_the_start() {
    for mode in MODES {
        let folder = setup::temporary();
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_secs();
        let told = output(
            artifact(&state(mode), folder.path()),
            "clocks",
            &format!("{now}\n"),
        );
        assert_eq!(
            told,
            ["True True True", "True True", "True", "True True"],
            "preinit {mode}"
        );
    }
}

/// A start with a folder at `/work`, beside a native one in whose folder it is.
#[test]
fn folders_are_those_of_the_start() {
    for (mode, content) in [("app", "one"), ("app", "two"), ("stdlib", "three")] {
        for check in ["mounted", "files"] {
            let (one, other) = (setup::temporary(), setup::temporary());
            for folder in [&one, &other] {
                fs::create_dir(folder.path().join("work")).expect("a folder");
                fs::write(folder.path().join("work/in.txt"), content).expect("writes");
            }
            let mut theirs = native("state", one.path());
            theirs.arg(check);
            let mut ours = artifact(&state(mode), other.path());
            ours.args(["--dir", "work::/work", "--", check]);
            assert_eq!(
                told("state", &run(ours, "")),
                told("state", &run(theirs, "")),
                "preinit {mode}: {check}"
            );
            let files = |folder: &tempfile::TempDir| {
                let names = setup::tree(&folder.path().join("work"));
                let read = names
                    .into_iter()
                    .map(|name| (setup::text(&folder.path().join("work").join(&name)), name));
                read.collect::<Vec<_>>()
            };
            assert_eq!(files(&other), files(&one), "preinit {mode}: {check}");
        }
    }
}

#[test]
fn the_folder_for_temporary_files_is_found_at_start() {
    for mode in MODES {
        let (folder, mounted) = (setup::temporary(), setup::temporary());
        let mut command = artifact(&state(mode), folder.path());
        command.args(["--dir", &format!("{}::/tmp", mounted.path().display())]);
        assert_eq!(
            output(command, "temporary", ""),
            ["/tmp", "text"],
            "preinit {mode}"
        );
    }
}

/// Both streams in one file, in the order of CPython's buffers.
#[test]
fn streams_are_flushed_in_order() {
    for mode in MODES {
        let folder = setup::temporary();
        let both = |mut command: Command, name: &str| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).expect("a file");
            let again = file.try_clone().expect("the same file");
            let status = command.arg("order").stdout(file).stderr(again).status();
            assert!(status.expect("it starts").success());
            setup::text(&path)
        };
        let mut ours = artifact(&state(mode), folder.path());
        ours.arg("--");
        assert_eq!(
            both(ours, "ours"),
            both(native("state", folder.path()), "theirs"),
            "preinit {mode}"
        );
    }
}

#[test]
fn exits_at_once_and_by_interrupt() {
    for mode in MODES {
        let folder = setup::temporary();
        for (check, code, stdout) in [
            ("exit_at_once", 4, ""),
            ("interrupt", 130, "finalizer of the import"),
        ] {
            let mut command = artifact(&state(mode), folder.path());
            command.args(["--", check]);
            let told = told("state", &run(command, ""));
            assert_eq!(told.0, Some(code), "preinit {mode}: {told:?}");
            assert!(told.1.starts_with(stdout), "preinit {mode}: {told:?}");
        }
    }
}
