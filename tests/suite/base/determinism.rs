//! One project, built in two folders by two users: the same bytes, and nothing of either user in
//! them.

use std::{collections::BTreeMap, path::Path, sync::OnceLock};

use super::dist::{decompressed, same};
use crate::{app::App, setup};

/// A user, whose traces must not be found.
struct User {
    name: &'static str,
    canary: &'static str,
    zone: &'static str,
    language: &'static str,
}

const USERS: [User; 2] = [
    User {
        name: "mallory-qx7",
        canary: "canary-3f9a1c",
        zone: "Asia/Kolkata",
        language: "de_DE.UTF-8",
    },
    User {
        name: "trent-zk2",
        canary: "canary-b07e55",
        zone: "America/St_Johns",
        language: "C",
    },
];

/// What a build left: file names to bytes, and the texts that must not stand in them.
struct Built {
    files: BTreeMap<String, Vec<u8>>,
    traces: Vec<String>,
}

/// Both builds, made once. Each has a home of its own, so no stage comes out of a cache.
fn builds() -> &'static [Built; 2] {
    static BUILT: OnceLock<[Built; 2]> = OnceLock::new();
    BUILT.get_or_init(|| USERS.map(|user| build(&user)))
}

fn build(user: &User) -> Built {
    let temporary = setup::temporary();
    let user_home = temporary.path().join(user.name);
    let project = user_home.join(format!("{}-projects", user.name)).join("stats");
    setup::copy(&App::named("logstats").dir, &project);
    let pywasm_home = user_home.join("cache");
    let command_line = [
        "build",
        "--aot",
        "--aot=x86_64-unknown-freebsd",
        "--base",
        setup::base().to_str().expect("a UTF-8 path"),
    ];
    let mut command = setup::pywasm(&project);
    command
        .args(command_line)
        .env("PYWASM_HOME", &pywasm_home)
        .env("HOME", &user_home)
        .env("USER", user.name)
        .env("LOGNAME", user.name)
        .env("PYWASM_TEST_CANARY", user.canary)
        .env("TZ", user.zone)
        .env("LANG", user.language)
        .env("PYTHONPATH", user.canary);
    setup::succeed(&mut command);

    let dist = project.join("dist");
    let files = setup::list(&dist)
        .into_iter()
        .map(|path| (file_name(&path), setup::bytes(&path)))
        .collect();
    let trace = |path: &Path| path.to_string_lossy().into_owned();
    let traces = vec![
        user.name.to_owned(),
        user.canary.to_owned(),
        "PYWASM_TEST_CANARY".to_owned(),
        trace(temporary.path()),
        trace(setup::home()),
        trace(setup::root()),
    ];
    Built { files, traces }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .expect("a file has a name")
        .to_string_lossy()
        .into_owned()
}

#[test]
fn two_users_build_the_same_bytes() {
    let [one, other] = builds();
    assert_eq!(
        one.files.keys().collect::<Vec<_>>(),
        other.files.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &one.files {
        assert!(
            same(name, bytes, &other.files[name]),
            "{name} differs between two builds of the same project"
        );
    }
}

#[test]
fn the_cache_changes_no_byte() {
    let cached = App::named("logstats");
    let options = ["--aot", "--aot=x86_64-unknown-freebsd"];
    let (first, second) = (cached.build(&options), cached.build(&options));
    for (name, bytes) in &builds()[0].files {
        for dist in [first.dir(), second.dir()] {
            let again = setup::bytes(&dist.join(name));
            assert!(
                same(name, bytes, &again),
                "{name} differs when stages come out of the cache"
            );
        }
    }
}

#[test]
fn nothing_of_the_build_host_is_in_dist() {
    for built in builds() {
        for (name, bytes) in &built.files {
            for trace in &built.traces {
                assert!(!contains(bytes, trace), "{name} holds {trace:?}");
                if name.ends_with(".br") {
                    assert!(
                        !contains(&decompressed(bytes), trace),
                        "{name} holds {trace:?} when decompressed"
                    );
                }
            }
        }
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
