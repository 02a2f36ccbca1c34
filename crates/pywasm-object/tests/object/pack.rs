//! Packing changes the segments, never the memory.

use pywasm_object::pack;

use pywasm_testkit::program::{Program, Segment, Step, function};
use pywasm_testkit::seen::see;

fn program(segments: &[(u32, &[u8])]) -> Program {
    let segments = segments.iter().map(|(address, bytes)| Segment {
        name: ".data",
        address: *address,
        bytes: bytes.to_vec(),
    });
    Program {
        functions: vec![function("_start", vec![Step::Const(0)])],
        exports: vec!["_start"],
        segments: segments.collect(),
        ..Program::default()
    }
}

#[test]
fn runs_of_zeros_split_and_short_ones_join() {
    let program = program(&[
        (1000, b"\0\0\0\0ab\0\0\0cd\0\0\0\0\0ef\0\0"),
        (1022, b"gh"),
        (1030, b"ij"),
        (5000, &[0; 100]),
    ]);
    let module = program.build();
    for (zeros, segments) in [(0, 5), (3, 4), (4, 3), (5, 2), (6, 1), (1000, 1)] {
        let packed = see(&pack(&module, zeros).expect("packed"));
        assert_eq!(packed.memory, see(&module).memory, "{zeros}");
        assert_eq!(packed.segments, segments, "{zeros}");
    }
}

#[test]
fn a_later_segment_writes_over_an_earlier_one() {
    let module = program(&[(1000, b"aaaaaaaa"), (1004, b"bb"), (998, b"ccc")]).build();
    let packed = see(&pack(&module, 8).expect("packed"));
    assert_eq!(&packed.memory[998..1008], b"cccaaabbaa");
    assert_eq!(packed.segments, 1);
}

#[test]
fn a_module_without_data_stays() {
    let module = program(&[]).build();
    assert_eq!(see(&pack(&module, 8).expect("packed")).segments, 0);
}

#[test]
fn data_outside_of_the_memory_is_refused() {
    let module = program(&[(131_070, b"aaaa")]).build();
    assert_eq!(
        pack(&module, 8).expect_err("refused").to_string(),
        "the module's memory is smaller than its initial data"
    );
}
