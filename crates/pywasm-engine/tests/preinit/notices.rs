//! Tests that what a program asks for is judged with the Python lines that asked.

use pywasm_engine::{Error, Frame, ModuleBody, Notice, NoticeKind, Verdict};

use crate::guest::{OWN, Rehearsed, SCRATCH, Step, answers, call, guest, write};

const OUT: i64 = 0x800;

fn place(text: &str) -> Step {
    Step::Place(text.as_bytes().to_vec())
}

fn frame(file: &str, line: u32, function: &str) -> Frame {
    Frame {
        file: file.to_owned(),
        line,
        function: function.to_owned(),
        body: None,
    }
}

/// Kind, what, and the innermost line (0 for an empty stack).
fn brief(run: &Rehearsed) -> Vec<(&'static str, &str, u32)> {
    let brief = |notice: &'_ Notice| notice.stack.first().map_or(0, |frame| frame.line);
    run.notices
        .iter()
        .map(|notice| (notice.kind.word(), notice.what.as_str(), brief(notice)))
        .collect()
}

#[test]
fn a_notice_has_the_python_stack() {
    let run = guest(vec![
        place("/pywasm/app/a.py\t3\tnow\t\t-1\t0\n/pywasm/app/b.py\t1\t<module>\tb\t12\t3\n"),
        call("clock_time_get", &[0, 1, OUT]),
    ])
    .run()
    .expect("a snapshot");
    assert_eq!(
        run.notices,
        [Notice {
            kind: NoticeKind::Clock,
            what: "realtime".to_owned(),
            stack: vec![
                frame("/pywasm/app/a.py", 3, "now"),
                Frame {
                    body: Some(ModuleBody {
                        module: "b".to_owned(),
                        step: 12,
                        is_importing: true,
                        is_found_again: true
                    }),
                    ..frame("/pywasm/app/b.py", 1, "<module>")
                }
            ],
        }]
    );
    assert_eq!(answers(&run, 1), [0]);
}

#[test]
fn each_question_has_its_kind_in_order() {
    let list = i64::from(OWN + 32);
    let mut steps = vec![
        place("a.py\t1\tf\t\t-1\t0\n"),
        call("clock_time_get", &[0, 1, OUT]),
        call("clock_time_get", &[1, 1, OUT]),
        call("clock_time_get", &[2, 1, OUT]),
        call("clock_time_get", &[3, 1, OUT]),
        place("a.py\t2\tf\t\t-1\t0\n"),
        call("random_get", &[OUT, 16]),
        place("a.py\t3\tf\t\t-1\t0\n"),
        call("fd_read", &[0, list, 0, OUT]),
    ];
    steps.extend(write(1000, "missing\t/etc/hosts\nfile\t/etc\n"));
    steps.push(place("a.py\t4\tf\t\t-1\t0\n"));
    steps.extend(write(1, "to standard output"));
    steps.extend(write(2, "to standard error"));
    steps.push(place("a.py\t5\tf\t\t-1\t0\n"));
    steps.extend(write(1000, "environment\tHOME\nenvironment\t\nargv\t\n"));
    let run = guest(steps).run().expect("a snapshot");
    assert_eq!(
        brief(&run),
        [
            ("clock", "realtime", 1),
            ("clock", "monotonic", 1),
            ("clock", "process", 1),
            ("clock", "thread", 1),
            ("entropy", "", 2),
            ("file", "stdin", 3),
            ("file", "/etc/hosts", 3),
            ("file", "/etc", 3),
            ("print", "stdout", 4),
            ("print", "stderr", 4),
            ("environment", "HOME", 5),
            ("environment", "", 5),
            ("argv", "", 5),
        ]
    );
    assert_eq!(answers(&run, 10), [0; 10]);
    assert_eq!(
        (run.stdout.as_slice(), run.stderr.as_slice()),
        (b"to standard output".as_slice(), b"to standard error".as_slice())
    );
}

#[test]
fn equal_notices_are_kept_once_and_at_their_first_place() {
    let read = || call("clock_time_get", &[0, 1, OUT]);
    let run = guest(vec![
        read(),
        place("a.py\t1\tf\t\t-1\t0\n"),
        Step::Repeat(20_000, vec![read(), call("random_get", &[OUT, 8])]),
        place("a.py\t2\tf\t\t-1\t0\n"),
        read(),
        place("a.py\t1\tf\t\t-1\t0\n"),
        read(),
    ])
    .run()
    .expect("a snapshot");
    assert_eq!(
        brief(&run),
        [
            ("clock", "realtime", 0),
            ("clock", "realtime", 1),
            ("entropy", "", 1),
            ("clock", "realtime", 2)
        ]
    );
}

#[test]
fn the_runtime_tells_what_is_in_the_snapshot() {
    let mut run = guest(write(
        1000,
        "renewed\trandom\nrenewed\tlogging\nrenewed\trandom\nargv\t\n",
    ));
    run.settle = write(1000, "module\tsys\nmodule\tjson\nlive\t123456\nheap\t262144\n");
    let run = run.run().expect("a snapshot");
    assert_eq!(Vec::from_iter(&run.renewed), ["logging", "random"]);
    assert_eq!(run.modules, ["sys", "json"]);
    assert_eq!((run.live_bytes, run.heap_bytes), (123_456, 262_144));
    assert_eq!(brief(&run), [("argv", "", 0)]);
}

#[test]
fn while_the_guest_is_asked_nothing_is_noticed() {
    let mut run = guest(vec![
        place("a.py\t1\tf\t\t-1\t0\n"),
        call("random_get", &[OUT, 8]),
    ]);
    run.asked = vec![
        call("clock_time_get", &[0, 1, OUT]),
        call("random_get", &[OUT, 8]),
    ];
    run.asked.extend(write(1000, "argv\t\n"));
    let run = run.run().expect("a snapshot");
    assert_eq!(brief(&run), [("entropy", "", 1)]);
}

#[test]
fn without_pywasm_where_stacks_are_empty() {
    let mut run = guest(vec![
        place("a.py\t1\tf\t\t-1\t0\n"),
        call("random_get", &[OUT, 8]),
    ]);
    run.without = vec!["pywasm_where", "pywasm_scratch"];
    assert_eq!(brief(&run.run().expect("a snapshot")), [("entropy", "", 0)]);
}

#[test]
fn a_stack_that_fills_the_buffer_loses_its_last_line() {
    let line = "a.py\t1\tfunction\t\t-1\t0\n";
    let text = line.repeat(0x1_0000 / line.len() + 1);
    let run = guest(vec![
        Step::Place(text.as_bytes()[..0x1_0000].to_vec()),
        call("random_get", &[OUT, 8]),
    ]);
    let run = run.run().expect("a snapshot");
    assert_eq!(run.notices[0].stack.len(), 0x1_0000 / line.len());
    assert_eq!(run.memory[SCRATCH as usize], b'a');
}

#[test]
fn a_program_that_cannot_be_stopped_earlier_is_refused() {
    let stack = "/pywasm/app/a.py\t3\t<module>\t__main__\t12\t2\n";
    let run = guest(vec![place(stack), call("random_get", &[OUT, 8])]);
    let error = run
        .rehearse(None, Verdict::Stop)
        .expect_err("it never stops before");
    assert!(matches!(error, Error::Agreement(_)), "{error}");
}

#[test]
fn what_happens_before_the_program_is_not_judged() {
    let mut run = guest(Vec::new());
    run.snapshot.insert(0, call("random_get", &[OUT, 8]));
    let run = run.rehearse(None, Verdict::Stop).expect("a snapshot");
    assert_eq!(run.notices, []);
}
