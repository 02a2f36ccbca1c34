//! `pywasm build --watch --run`: each change is built and runs, a mistake is shown, and Ctrl-C ends it all.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use crate::setup;

#[test]
fn each_change_is_built_and_runs() {
    let temporary = setup::temporary();
    let project = temporary.path();
    let write = |text: &str| fs::write(project.join("app.py"), text).expect("writes");
    write("print('first')\ninput()\n");
    let mut child = setup::pywasm(project)
        .args(["build", "--quiet", "--watch", "--run", "--base"])
        .arg(setup::base())
        .arg("app.py")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("pywasm starts");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut errors = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let mut next = || output.next().expect("a line").expect("text");
    let seen_until = |lines: &mut dyn Iterator<Item = std::io::Result<String>>, part: &str| {
        let mut lines = lines.map(|line| line.expect("text"));
        assert!(lines.any(|line| line.contains(part)), "no {part}");
    };

    assert_eq!(next(), "first");
    // The program waits for its input, so it is ended.
    write("import helper\nprint(helper.WORD)\n");
    fs::write(project.join("helper.py"), "WORD = 'second'\n").expect("writes");
    let line = next();
    assert_eq!(line, "second");
    write("print('third'\n");
    seen_until(&mut errors, "app.py:1");
    write("print('fourth')\ninput()\n");
    assert_eq!(next(), "fourth");

    let interrupt = format!("kill -INT {}", child.id());
    setup::succeed(setup::bare("sh", project).args(["-c", &interrupt]));
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(next_is_none(&mut output), "the program has ended, too");
}

fn next_is_none(lines: &mut dyn Iterator<Item = std::io::Result<String>>) -> bool {
    lines.next().is_none()
}
