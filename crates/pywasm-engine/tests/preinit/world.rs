//! Tests that the sandbox is always the same and contains nothing of the host.

use pywasm_engine::Image;

use crate::guest::{END, OWN, Step, answers, bytes, call, guest, word, write};

const OUT: i64 = 0x800;
const AT: u32 = 0x800;

fn long(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("8 bytes"))
}

#[test]
fn clocks_stand_and_random_bytes_are_the_same() {
    let run = guest(vec![
        call("clock_time_get", &[0, 1, OUT]),
        call("clock_time_get", &[1, 1, OUT + 8]),
        call("clock_res_get", &[0, OUT + 16]),
        call("random_get", &[OUT + 24, 21]),
        call("random_get", &[OUT + 56, 8]),
        call("clock_time_get", &[4, 1, OUT]),
    ]);
    let first = run.run().expect("a snapshot");
    assert_eq!(first, run.run().expect("a snapshot"));
    assert_eq!(long(bytes(&first, AT, 8)), 1_704_067_200_000_000_000);
    assert_eq!(long(bytes(&first, AT + 8, 8)), 0);
    assert_eq!(long(bytes(&first, AT + 16, 8)), 1);
    let words: Vec<u64> = [24, 32, 56].map(|at| long(bytes(&first, AT + at, 8))).to_vec();
    assert!(words.iter().all(|word| *word != 0), "{words:?}");
    assert!(words[0] != words[1] && words[1] != words[2], "{words:?}");
    assert_eq!(bytes(&first, AT + 24 + 21, 11), [0; 11]);
    assert_eq!(answers(&first, 6), [0, 0, 0, 0, 0, 28]);
}

#[test]
fn there_are_no_arguments_and_no_variables() {
    let run = guest(vec![
        Step::Put(AT, vec![0xff; 16]),
        call("args_sizes_get", &[OUT, OUT + 4]),
        call("args_get", &[0, 0]),
        call("environ_sizes_get", &[OUT + 8, OUT + 12]),
        call("environ_get", &[0, 0]),
    ]);
    let run = run.run().expect("a snapshot");
    assert_eq!(bytes(&run, AT, 16), [0; 16]);
    assert_eq!(answers(&run, 4), [0; 4]);
    assert_eq!(run.notices, []);
}

#[test]
fn no_folder_is_open() {
    let run = guest(vec![
        call("fd_prestat_get", &[3, OUT]),
        call("fd_prestat_dir_name", &[3, OUT, 1]),
        call("fd_prestat_get", &[2, OUT]),
        call("fd_fdstat_get", &[3, OUT]),
        call("fd_readdir", &[1, OUT, 8, 0, OUT]),
        call("fd_readdir", &[3, OUT, 8, 0, OUT]),
        call("path_create_directory", &[3, 0x100, 1]),
        call("path_filestat_get", &[3, 0, 0x100, 1, OUT]),
        call("path_filestat_set_times", &[3, 0, 0x100, 1, 0, 0, 0]),
        call("path_link", &[3, 0, 0x100, 1, 3, 0x100, 1]),
        call("path_open", &[0, 0, 0x100, 1, 0, 0, 0, 0, OUT]),
        call("path_open", &[3, 0, 0x100, 1, 0, 0, 0, 0, OUT]),
        call("path_readlink", &[3, 0x100, 1, OUT, 8, OUT]),
        call("path_remove_directory", &[3, 0x100, 1]),
        call("path_rename", &[3, 0x100, 1, 3, 0x100, 1]),
        call("path_symlink", &[0x100, 1, 3, 0x100, 1]),
        call("path_unlink_file", &[3, 0x100, 1]),
    ]);
    let run = run.run().expect("a snapshot");
    assert_eq!(
        answers(&run, 17),
        [8, 8, 8, 8, 54, 8, 8, 8, 8, 8, 54, 8, 8, 8, 8, 8, 8]
    );
    assert_eq!(run.notices, []);
}

#[test]
fn standard_streams_are_of_unknown_type_and_cannot_seek() {
    let mut run = guest(vec![
        Step::Put(AT, vec![9; 4]),
        call("fd_fdstat_get", &[0, OUT]),
        Step::Put(AT + 32 + 16, vec![9; 1]),
        call("fd_filestat_get", &[1, OUT + 32]),
        call("fd_seek", &[0, 0, 1, OUT]),
        call("fd_tell", &[1, OUT]),
        call("fd_pread", &[0, 0, 0, 0, OUT]),
        call("fd_pwrite", &[2, 0, 0, 0, OUT]),
        call("fd_sync", &[1]),
        call("fd_read", &[1, OUT, 0, OUT]),
        call("fd_close", &[0]),
        call("fd_fdstat_get", &[0, OUT]),
        call("fd_close", &[0]),
        call("fd_close", &[1000]),
        call("fd_renumber", &[1, 2]),
        call("fd_renumber", &[1, 7]),
        call("sock_shutdown", &[1, 0]),
    ]);
    run.snapshot.extend(write(0, "x"));
    run.snapshot.extend(write(77, "x"));
    let run = run.run().expect("a snapshot");
    assert_eq!(
        answers(&run, 17),
        [0, 0, 70, 70, 70, 70, 52, 8, 0, 8, 8, 8, 52, 8, 52, 8, 8]
    );
    assert_eq!(
        (bytes(&run, AT, 1), bytes(&run, AT + 48, 1)),
        (&[0_u8][..], &[0_u8][..])
    );
}

/// A subscription.
fn question(userdata: u64, kind: u8, subject: u32, timeout: u64, flags: u16) -> Vec<u8> {
    let mut bytes = vec![0; 48];
    bytes[..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[8] = kind;
    bytes[16..20].copy_from_slice(&subject.to_le_bytes());
    bytes[24..32].copy_from_slice(&timeout.to_le_bytes());
    bytes[40..42].copy_from_slice(&flags.to_le_bytes());
    bytes
}

#[test]
fn sleep_takes_no_time_but_moves_the_clocks() {
    let hour = 3_600_000_000_000;
    let run = guest(vec![
        Step::Put(OWN, question(7, 0, 1, 2 * hour, 0)),
        Step::Put(OWN + 48, question(8, 0, 0, 1_704_067_200_000_000_000 + hour, 1)),
        call("poll_oneoff", &[i64::from(OWN), OUT, 2, OUT - 4]),
        call("clock_time_get", &[0, 1, OUT + 64]),
        call("clock_time_get", &[1, 1, OUT + 72]),
    ]);
    let run = run.run().expect("a snapshot");
    assert_eq!(answers(&run, 3), [0; 3]);
    assert_eq!(word(&run, AT - 4), 1, "the earlier one happened");
    assert_eq!(long(bytes(&run, AT, 8)), 8);
    assert_eq!(bytes(&run, AT + 8, 24), [0; 24]);
    assert_eq!(long(bytes(&run, AT + 64, 8)), 1_704_067_200_000_000_000 + hour);
    assert_eq!(long(bytes(&run, AT + 72, 8)), hour);
}

#[test]
fn streams_are_ready_at_once() {
    let run = guest(vec![
        Step::Put(OWN, question(1, 0, 1, 5, 0)),
        Step::Put(OWN + 48, question(2, 1, 0, 0, 0)),
        Step::Put(OWN + 96, question(3, 2, 1, 0, 0)),
        Step::Put(OWN + 144, question(4, 1, 55, 0, 0)),
        call("poll_oneoff", &[i64::from(OWN), OUT, 4, OUT - 4]),
        call("clock_time_get", &[1, 1, OUT + 128]),
        call("poll_oneoff", &[i64::from(OWN), OUT, 0, OUT]),
        Step::Put(OWN, question(1, 9, 1, 5, 0)),
        call("poll_oneoff", &[i64::from(OWN), OUT, 1, OUT]),
    ]);
    let run = run.run().expect("a snapshot");
    assert_eq!(answers(&run, 4), [0, 0, 28, 28]);
    assert_eq!(word(&run, AT - 4), 3);
    let events: Vec<_> = [0, 32, 64]
        .map(|at| {
            let event = bytes(&run, AT + at, 32);
            (long(&event[..8]), event[8], event[10], event[24])
        })
        .to_vec();
    assert_eq!(events, [(2, 0, 1, 1), (3, 0, 2, 0), (4, 8, 1, 0)]);
    assert_eq!(long(bytes(&run, AT + 128, 8)), 0, "nobody slept");
}

#[test]
fn an_image_stands_behind_the_memory() {
    let image = Image {
        export: "image",
        bytes: &[7; 70_000],
    };
    let mut run = guest(vec![Step::Grow(1), call("random_get", &[i64::from(END), 4])]);
    let placed = run.run_with(image).expect("a snapshot");
    assert_eq!((word(&placed, OWN), word(&placed, OWN + 4)), (END, 70_000));
    assert_eq!(placed.memory.len() as u32, END + (3 << 16));
    assert_eq!(bytes(&placed, END + 4, 69_996), [7; 69_996]);
    assert_ne!(word(&placed, END), 0x0707_0707);
    assert_eq!(word(&run.run().expect("a snapshot"), OWN), 0);
    run.image = END as i32 - 4;
    let error = run.run_with(image).expect_err("no room for the variable");
    assert!(
        error.to_string().contains("`image` holds an address outside"),
        "{error}"
    );
    let error = run
        .run_with(Image {
            export: "none",
            ..image
        })
        .expect_err("no such export");
    assert!(error.to_string().contains("`none` is not there"), "{error}");
    let error = run
        .run_with(Image {
            export: "pywasm_settle",
            ..image
        })
        .expect_err("a function");
    assert!(
        error.to_string().contains("`pywasm_settle` is no i32 global"),
        "{error}"
    );
}
