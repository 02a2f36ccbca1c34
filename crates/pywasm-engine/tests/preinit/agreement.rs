//! Tests that modules that violate the snapshot protocol are refused with a clear error.

use pywasm_engine::Error;

use crate::guest::{END, Guest, OWN, PAGES, Step, call, guest, write};

fn refused(guest: &Guest) -> Error {
    match guest.run() {
        Err(error) => error,
        Ok(_) => panic!("a snapshot of {guest:?}"),
    }
}

/// What the error says.
fn words(guest: &Guest) -> String {
    refused(guest).to_string()
}

fn asks() -> Step {
    call("random_get", &[0, 1])
}

#[test]
fn exports_must_be_there() {
    for name in ["memory", "pywasm_snapshot", "pywasm_settle", "pywasm_scratch"] {
        let mut run = guest(Vec::new());
        run.without = vec![name];
        match refused(&run) {
            Error::Export { name: named, .. } => assert_eq!(named, name),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn exports_must_have_the_agreed_type() {
    for name in [
        "pywasm_snapshot",
        "pywasm_settle",
        "pywasm_scratch",
        "pywasm_where",
    ] {
        let mut run = guest(Vec::new());
        run.mistyped = vec![name];
        let words = words(&run);
        assert!(words.contains(&format!("`{name}` has another type")), "{words}");
    }
}

#[test]
fn unknown_imports_of_wasi_are_named() {
    let mut run = guest(Vec::new());
    run.imports = vec![
        ("wasi_snapshot_preview1", "fd_new"),
        ("wasi_snapshot_preview1", "path_new"),
    ];
    let words = words(&run);
    assert!(
        words.contains("imports wasi_snapshot_preview1.fd_new, wasi_snapshot_preview1.path_new,"),
        "{words}"
    );
}

#[test]
fn imports_of_a_world_may_be_there() {
    let mut run = guest(Vec::new());
    run.imports = vec![("a:b/kv@1.0.0", "get"), ("$root", "log")];
    assert!(run.run().is_ok());
}

#[test]
fn a_known_import_of_another_type_is_refused() {
    let mut run = guest(Vec::new());
    run.imports = vec![("wasi_snapshot_preview1", "fd_write")];
    assert!(matches!(refused(&run), Error::Instantiate(_)));
}

#[test]
fn frames_must_be_frames() {
    for text in ["a.py\n", "a.py\t1\tf", "a.py\tone\tf\n", "a.py\t1\tf\t\n"] {
        let mut run = guest(vec![Step::Place(text.as_bytes().to_vec()), asks()]);
        let said = words(&run);
        assert!(
            said.contains("pywasm_where") && said.contains("no frame"),
            "{said}"
        );
        run.snapshot = vec![Step::Place(text.as_bytes().to_vec())];
        run.snapshot.extend(write(1000, "open\t5\tx\n"));
        assert!(matches!(refused(&run), Error::Agreement(_)));
    }
    let run = guest(vec![Step::Place(b"\xff\t1\tf\n".to_vec()), asks()]);
    assert!(matches!(refused(&run), Error::Agreement(_)));
}

#[test]
fn a_stack_must_fit_its_buffer() {
    for length in [0x1_0001, u32::MAX] {
        let run = guest(vec![Step::PlaceLength(length), asks()]);
        let words = words(&run);
        assert!(words.contains(&format!("wrote {length} bytes")), "{words}");
    }
}

#[test]
fn the_buffer_must_be_in_the_memory() {
    for address in [-1, (PAGES << 16) as i32 - 0xffff] {
        let mut run = guest(vec![asks()]);
        run.scratch = address;
        let words = words(&run);
        assert!(words.contains("are outside of the memory"), "{words}");
        run.scratch = (PAGES << 16) as i32 - 0x1_0000;
        assert_eq!(run.run().expect("a snapshot").notices.len(), 1);
    }
}

#[test]
fn messages_must_be_known() {
    for text in ["hello\n", "open\t5\n", "live\tmuch\n", "argv\t"] {
        let words = words(&guest(write(1000, text)));
        assert!(words.contains(&format!("{text:?} is not a message")), "{words}");
    }
}

#[test]
fn nothing_can_be_asked_before_the_start() {
    let mut run = guest(Vec::new());
    run.start = Some(vec![asks()]);
    assert!(matches!(refused(&run), Error::Agreement(_)));
    run.start = Some(vec![call("proc_exit", &[3])]);
    assert!(matches!(refused(&run), Error::Preinit { code: 3, .. }));
    run.start = Some(vec![Step::Put(0x100, vec![1])]);
    assert_eq!(run.run().expect("a snapshot").memory[0x100], 1);
}

#[test]
fn memory_is_limited() {
    let pages = (1 << 30 >> 16) as u32;
    let run = guest(vec![Step::Grow((pages - PAGES) as i32 + 1)]);
    assert!(matches!(refused(&run), Error::Memory { wanted } if wanted == (1 << 30) + (1 << 16)));
    let mut run = guest(Vec::new());
    run.pages = pages + 1;
    assert!(matches!(refused(&run), Error::Memory { .. }));
    // A growth that can never be had is an answer, not an end.
    let mut run = guest(vec![Step::Grow(1), Step::Grow(-1)]);
    run.pages = PAGES;
    assert!(matches!(refused(&run), Error::Memory { .. }));
}

#[test]
fn kept_text_is_limited() {
    let text = "a.py\t1\tfunction\n".repeat(4000);
    let more = write(1000, &"renewed\tsome.module.with.a.name\n".repeat(100));
    let run = guest(vec![Step::Place(text.into_bytes()), Step::Repeat(50_000, more)]);
    assert!(matches!(refused(&run), Error::Notices));
}

/// A guest that answers with a report of these words.
fn reports(words: [u32; 6]) -> Guest {
    let mut run = guest(Vec::new());
    let report = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    run.objects = vec![Step::Put(OWN, report), Step::Return(OWN as i32)];
    run
}

#[test]
fn the_list_of_objects_must_be_in_the_memory() {
    let run = reports([OWN, 6, OWN + 4, 3, 1, 2]).run().expect("a snapshot");
    assert_eq!(run.memory[OWN as usize], 0, "the memory was taken before");
    let objects = run.objects.as_ref().expect("a list");
    assert_eq!(objects.words, [OWN, 6, OWN + 4, 3, 1, 2]);
    assert_eq!(
        (&objects.names[..], objects.modules, objects.kinds),
        (&[6, 0, 0][..], 1, 2)
    );
    for words in [
        [END, 1, OWN, 1, 0, 0],
        [OWN, END, OWN, 1, 0, 0],
        [OWN, u32::MAX, OWN, 1, 0, 0],
        [OWN, 1, END - 1, 2, 0, 0],
        [OWN, 1, u32::MAX, u32::MAX, 0, 0],
    ] {
        let said = self::words(&reports(words));
        assert!(
            said.contains("pywasm_objects") && said.contains("outside of the memory"),
            "{said}"
        );
    }
    let mut run = guest(Vec::new());
    run.objects = vec![Step::Return((PAGES << 16) as i32 - 8)];
    assert!(matches!(refused(&run), Error::Agreement(_)));
}

#[test]
fn a_snapshot_does_without_the_list_of_objects() {
    for steps in [
        vec![Step::Trap],
        vec![Step::Return(0)],
        vec![Step::Grow((1 << 30 >> 16) + 1)],
    ] {
        let mut run = guest(Vec::new());
        run.objects = steps;
        assert!(run.run().expect("a snapshot").objects.is_none());
    }
    let mut run = guest(Vec::new());
    run.without = vec!["pywasm_objects"];
    assert!(run.run().expect("a snapshot").objects.is_none());
}
