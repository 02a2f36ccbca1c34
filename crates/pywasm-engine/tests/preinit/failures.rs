//! Tests that a failed start is an error with the guest's own output.

use pywasm_engine::Error;

use crate::guest::{Guest, Step, call, guest, write};

/// The code and the words of a start that must fail.
fn fails(guest: &Guest) -> (u32, String) {
    match guest.run() {
        Err(Error::Preinit { code, stderr }) => (code, stderr),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_exit_code_comes_with_standard_error() {
    let mut run = guest(write(2, "Traceback: é\n"));
    run.snapshot.push(Step::Return(3));
    assert_eq!(fails(&run), (3, "Traceback: é\n".to_owned()));
    let text = run.run().expect_err("fails").to_string();
    assert!(
        text.contains("exit code 3") && text.ends_with(":\nTraceback: é\n"),
        "{text}"
    );
}

#[test]
fn settling_can_fail_too() {
    let mut run = guest(write(2, "before"));
    run.settle = vec![Step::Return(-1)];
    assert_eq!(fails(&run), (u32::MAX, "before".to_owned()));
}

#[test]
fn an_exit_is_no_snapshot() {
    for code in [0, 1, 300] {
        let run = guest(vec![call("proc_exit", &[code])]);
        assert_eq!(fails(&run), (code as u32, String::new()));
    }
}

#[test]
fn a_trap_says_where() {
    let mut run = guest(write(2, "last words\n"));
    run.snapshot.push(Step::Trap);
    let (code, stderr) = fails(&run);
    assert_eq!(code, 134);
    assert!(
        stderr.starts_with("last words\nthe module trapped: ") && stderr.contains("unreachable"),
        "{stderr}"
    );
}

#[test]
fn a_trap_while_asked_is_a_trap() {
    let mut run = guest(vec![call("random_get", &[0, 1])]);
    run.asked = vec![Step::Trap];
    assert_eq!(fails(&run).0, 134);
    run.asked = vec![call("proc_exit", &[5])];
    assert_eq!(fails(&run).0, 5);
}

#[test]
fn the_end_of_long_words_is_kept() {
    let mut run = guest(Vec::new());
    let lines = write(2, "a line of the traceback\n");
    run.snapshot.push(Step::Repeat(100_000, lines));
    run.snapshot.extend(write(2, "the last line\n"));
    run.snapshot.push(Step::Return(1));
    let (_, stderr) = fails(&run);
    assert_eq!(stderr.len(), 1 << 20);
    assert!(stderr.ends_with("a line of the traceback\nthe last line\n"));
}
