//! Ctrl-C in the middle of a build: nothing half-made stays, and the next build is as if nothing
//! had been.

use std::{
    path::Path,
    process::{Child, Stdio},
    thread,
};

use crate::{app::App, setup};

/// Waits until a folder holds a file whose path has this part; the build must not end before.
pub(crate) fn wait_for(dir: &Path, part: &str, child: &mut Child) {
    let there = || {
        dir.is_dir()
            && setup::tree(dir)
                .iter()
                .any(|path| path.to_string_lossy().contains(part))
    };
    while !there() {
        let ended = child.try_wait().expect("the child can be asked");
        assert!(
            ended.is_none(),
            "the build ended before {part} was in {}: {ended:?}",
            dir.display()
        );
        thread::yield_now();
    }
}

/// Interrupts a build as soon as the home folder holds a path with this part.
fn interrupt_at(part: &str) {
    let temporary = setup::temporary();
    let (project, home) = (temporary.path().join("project"), temporary.path().join("home"));
    setup::copy(&App::named("hello").dir, &project);
    let before = setup::tree(&project);
    let build = || {
        let mut command = setup::pywasm(&project);
        command
            .args(["build", "--base"])
            .arg(setup::base())
            .env("PYWASM_HOME", &home);
        command
    };

    let mut child = build()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("pywasm starts");
    wait_for(&home, part, &mut child);
    let interrupt = format!("kill -INT {}", child.id());
    setup::succeed(setup::bare("sh", &project).args(["-c", &interrupt]));
    let status = child.wait().expect("it ends");

    assert_eq!(
        status.code(),
        Some(130),
        "an interrupted build says so by its exit code"
    );
    assert_eq!(setup::tree(&project), before, "the project is as it was");

    setup::succeed(&mut build());
    let dist = setup::list(&project.join("dist"));
    assert_eq!(dist.len(), 5, "{dist:?}");
    let left: Vec<_> = setup::tree(&home)
        .into_iter()
        .filter(|path| is_temporary(path))
        .collect();
    assert!(left.is_empty(), "temporary files were left: {left:?}");
}

/// Whether the name is that of a file on its way to its place.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.contains("tmp")
}

#[test]
fn at_the_start() {
    interrupt_at("cache");
}

#[test]
fn after_the_first_stage() {
    interrupt_at("stages/");
}
