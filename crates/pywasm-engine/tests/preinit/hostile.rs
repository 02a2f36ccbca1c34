//! Tests that every call of a guest gets an answer.

use crate::guest::{END, FUNCTIONS, Guest, OWN, Step, answers, call, guest};

const FAULT: u32 = 21;
const OUT: i64 = 0x800;

/// A guest that calls everything but `proc_exit` with these arguments.
fn everything(argument: impl Fn(usize) -> i64) -> Guest {
    let called = FUNCTIONS.iter().filter(|(name, _)| *name != "proc_exit");
    let steps = called.map(|(name, parameters)| {
        let arguments: Vec<_> = (0..parameters.len()).map(&argument).collect();
        call(name, &arguments)
    });
    let mut guest = guest(steps.collect());
    // What it would say comes from memory that the guest fills with random bytes.
    guest.without = vec!["pywasm_where"];
    guest
}

#[test]
fn all_functions_answer_all_arguments() {
    let end = i64::from(END);
    let values = [0, 1, 2, 3, 1000, end - 1, end, i64::MIN, i64::MAX, -1, -8];
    for first in values {
        for other in values {
            match everything(|index| if index == 0 { first } else { other }).run() {
                Ok(run) => assert_eq!(run.memory.len() as i64, end),
                // Random bytes are no messages.
                Err(error) => assert!(first == 1000, "{first} {other}: {error}"),
            }
        }
    }
}

#[test]
fn addresses_outside_of_the_memory_are_faults() {
    let end = i64::from(END);
    let list = |address: u32, length: u32| Step::Put(OWN, [address, length].map(u32::to_le_bytes).concat());
    let own = i64::from(OWN);
    let run = guest(vec![
        call("random_get", &[end - 1, 2]),
        call("random_get", &[-1, -1]),
        call("random_get", &[0, end + 1]),
        call("clock_time_get", &[0, 1, end - 7]),
        call("clock_res_get", &[0, end]),
        call("args_sizes_get", &[OUT, end - 3]),
        call("environ_sizes_get", &[-4, OUT]),
        call("fd_fdstat_get", &[1, end - 23]),
        call("fd_filestat_get", &[1, end - 63]),
        call("fd_read", &[0, end - 7, 1, OUT]),
        call("fd_read", &[0, OUT, 0, end - 3]),
        list(END - 1, 2),
        call("fd_write", &[1, own, 1, OUT]),
        list(u32::MAX, u32::MAX),
        call("fd_write", &[1, own, 1, OUT]),
        list(OWN, 1),
        call("fd_write", &[1, own, 1, -1]),
        call("fd_write", &[1000, own, 1, end]),
        call("poll_oneoff", &[end - 47, OUT, 1, OUT]),
        call("poll_oneoff", &[OUT, end - 31, 1, OUT]),
        call("poll_oneoff", &[OUT, OUT, 1, end - 3]),
    ]);
    let run = run.run().expect("a snapshot");
    assert_eq!(answers(&run, 18), [FAULT; 18]);
    assert_eq!(run.notices, []);
    assert_eq!(run.stdout, b"");
}

#[test]
fn counts_without_measure_are_refused() {
    let whole = [0, END].map(u32::to_le_bytes).concat();
    let many = guest(vec![
        call("fd_write", &[1, 0, 1025, OUT]),
        call("fd_write", &[1, 0, -1, OUT]),
        call("fd_read", &[0, 0, 0x2000_0000, OUT]),
        call("poll_oneoff", &[0, 0, -1, OUT]),
        Step::Put(OWN, whole.repeat(4)),
        call("fd_write", &[1, i64::from(OWN), 4, OUT]),
    ]);
    let run = many.run().expect("a snapshot");
    assert_eq!(answers(&run, 5), [28, 28, 28, 28, 0]);
    assert_eq!(run.stdout.len(), 1 << 20);
}
