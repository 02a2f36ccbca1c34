//! Tests canonical marshal streams with streams written by hand: what is merged, what is kept apart,
//! and that hostile streams neither pass nor panic.

use pywasm_bundle::marshal::{Columns, Error, canonicalise};

fn canonical(stream: &[u8]) -> Vec<u8> {
    let canonical = canonicalise(stream, Columns::Keep).expect("a good stream");
    assert_eq!(
        canonicalise(&canonical, Columns::Keep).as_ref(),
        Ok(&canonical),
        "no fixed point"
    );
    canonical
}

fn refused(stream: &[u8]) -> Error {
    canonicalise(stream, Columns::Keep).expect_err("a bad stream")
}

/// A tuple of ready-made objects.
fn tuple(items: &[&[u8]]) -> Vec<u8> {
    [&[b')', items.len() as u8][..], &items.concat()].concat()
}

/// A short ASCII string, by its type code.
fn text(code: u8, text: &str) -> Vec<u8> {
    [&[code, text.len() as u8][..], text.as_bytes()].concat()
}

fn bytes(content: &[u8]) -> Vec<u8> {
    [b"s", &(content.len() as u32).to_le_bytes()[..], content].concat()
}

/// A code object with this line table and nothing else of interest.
fn code(line_table: &[u8], constants: &[&[u8]]) -> Vec<u8> {
    let mut stream = vec![b'c'];
    stream.extend_from_slice(&[0; 20]);
    stream.extend(bytes(b"\x95\0g\0"));
    stream.extend(tuple(constants));
    stream.extend(tuple(&[&text(b'Z', "name_of_a_variable")]));
    stream.extend(tuple(&[]));
    stream.extend(bytes(b""));
    for name in ["/pywasm/app/module.py", "function", "Class.function"] {
        stream.extend(text(b'Z', name));
    }
    stream.extend_from_slice(&7u32.to_le_bytes());
    stream.extend(bytes(line_table));
    stream.extend(bytes(b""));
    stream
}

#[test]
fn every_type_is_read_and_written() {
    let objects: &[&[u8]] = &[
        b"N",
        b"T",
        b"F",
        b".",
        b"S",
        b"i\x01\0\0\0",
        b"I\x01\0\0\0\0\0\0\0",
        b"l\x02\0\0\0\x01\0\x02\0",
        b"l\xfe\xff\xff\xff\x01\0\x02\0",
        b"g\0\0\0\0\0\0\xf0\x3f",
        b"y\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xf0\x3f",
        b"f\x031.5",
        b"x\x011\x012",
        b"s\x02\0\0\0\xff\0",
        b"u\x02\0\0\0\xc3\xa4",
        b"t\x02\0\0\0\xc3\xb6",
        b"a\x01\0\0\0a",
        b"A\x01\0\0\0b",
        b"z\x01c",
        b"Z\x01d",
        b")\x01N",
        b"(\x01\0\0\0N",
        b"[\x02\0\0\0NT",
        b"{NTF.0",
        b"<\x01\0\0\0N",
        b">\x01\0\0\0N",
    ];
    for object in objects {
        assert_eq!(canonical(object), *object);
    }
    let code = code(b"", &[b"N", objects[4]]);
    assert_eq!(canonical(&code), code);
}

#[test]
fn flags_without_a_reference_go() {
    assert_eq!(canonical(b"\xa9\x01\xda\x0aabcdefghij"), b")\x01Z\x0aabcdefghij");
    // These never take an index, whatever their flag says: 0 is the string.
    assert_eq!(
        canonical(b")\x03\xce\xda\x04abcdr\0\0\0\0"),
        b")\x03N\xda\x04abcdr\0\0\0\0"
    );
}

#[test]
fn equal_values_become_one_object_numbered_in_order() {
    let (first, second) = (text(b'Z', "first"), text(b'Z', "second"));
    let flagged = |text: &[u8]| [&[text[0] | 0x80], &text[1..]].concat();
    let stream = tuple(&[&first, &second, &second, &first]);
    let wanted = tuple(&[&flagged(&first), &flagged(&second), b"r\x01\0\0\0", b"r\0\0\0\0"]);
    assert_eq!(canonical(&stream), wanted);

    let pair = tuple(&[&first, &second]);
    let wanted = [b")\x02\xa9\x02", &first[..], &second, b"r\0\0\0\0"].concat();
    assert_eq!(canonical(&tuple(&[&pair, &pair])), wanted);
}

#[test]
fn short_objects_stay_in_place() {
    for object in [
        &b"i\x05\0\0\0"[..],
        b"Z\x03abc",
        b"s\0\0\0\0",
        b")\0",
        b">\0\0\0\0",
    ] {
        let stream = tuple(&[object, object]);
        assert_eq!(canonical(&stream), stream);
        let shared = tuple(&[&[&[object[0] | 0x80], &object[1..]].concat(), b"r\0\0\0\0"]);
        assert_eq!(canonical(&shared), stream);
    }
}

#[test]
fn values_of_other_types_or_bits_stay_apart() {
    let one = |code: u8| [&[code][..], &1f64.to_le_bytes()].concat();
    let (zero, minus) = (
        [b"g", &0f64.to_le_bytes()[..]].concat(),
        [b"g", &(-0f64).to_le_bytes()[..]].concat(),
    );
    let stream = tuple(&[
        b"i\x01\0\0\0",
        b"T",
        &one(b'g'),
        &zero,
        &minus,
        &text(b'z', "bytes!"),
        &bytes(b"bytes!"),
    ]);
    assert_eq!(canonical(&stream), stream);
}

#[test]
fn objects_with_an_identity_are_not_merged() {
    let nan = [b"g", &f64::NAN.to_le_bytes()[..]].concat();
    let complex = [b"y", &0f64.to_le_bytes()[..], &f64::NAN.to_le_bytes()].concat();
    for object in [
        nan,
        complex,
        b"[\0\0\0\0".to_vec(),
        b"{0".to_vec(),
        b"<\0\0\0\0".to_vec(),
        code(b"", &[]),
    ] {
        let stream = tuple(&[&object, &object]);
        let start = &object[..2];
        let count = |stream: &[u8]| stream.windows(2).filter(|window| *window == start).count();
        assert_eq!(count(&canonical(&stream)), count(&stream));
        // But one object that occurs twice stays one.
        let shared = tuple(&[&[&[object[0] | 0x80], &object[1..]].concat(), b"r\0\0\0\0"]);
        assert_eq!(canonical(&shared)[2], object[0] | 0x80);
        assert!(canonical(&shared).ends_with(b"r\0\0\0\0"));
    }
}

#[test]
fn a_string_interned_somewhere_is_interned_everywhere() {
    let (plain, interned) = (text(b'z', "A.B"), text(b'Z', "A.B"));
    let inner = |text: &[u8]| tuple(&[text]);
    let wanted = canonical(&tuple(&[&inner(&interned), &interned]));
    assert_eq!(canonical(&tuple(&[&inner(&plain), &interned])), wanted);
    assert_eq!(canonical(&tuple(&[&inner(&interned), &plain])), wanted);
    assert_ne!(canonical(&tuple(&[&inner(&plain), &plain])), wanted);
}

#[test]
fn elements_of_sets_have_one_order() {
    let elements = [
        text(b'Z', "b"),
        text(b'z', "a-"),
        b"i\x01\0\0\0".to_vec(),
        tuple(&[b"N"]),
    ];
    let set = |order: [usize; 4]| {
        let items: Vec<_> = order.iter().flat_map(|index| elements[*index].clone()).collect();
        [b">\x04\0\0\0", &items[..]].concat()
    };
    assert_eq!(canonical(&set([0, 1, 2, 3])), canonical(&set([3, 1, 0, 2])));
}

#[test]
fn columns_leave_and_lines_stay() {
    // Two code units in line 7 (long form with columns), one in line 8 (one-line form), two
    // more there (short form), nine without a place, one in line 6.
    let table = b"\xf1\x00\x01\x01\x02\xd8\x03\x04\x81\x25\xff\xf8\xe8\x05";
    let slim = b"\xe9\x00\xea\x02\xff\xf8\xe8\x05";
    let dropped = canonicalise(&code(table, &[]), Columns::Drop).expect("a good stream");
    assert_eq!(dropped, canonical(&code(slim, &[])));
    assert_eq!(canonicalise(&dropped, Columns::Drop), Ok(dropped));
    // A constant with the same bytes is no line table.
    let stream = code(table, &[&bytes(table)]);
    let kept = canonicalise(&stream, Columns::Drop).expect("a good stream");
    assert!(kept.windows(table.len()).any(|window| window == table));
}

#[test]
fn bad_line_tables_are_refused() {
    for table in [
        &b"\x01"[..],
        b"\xe8",
        b"\xe8\x40",
        b"\xe8\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f",
    ] {
        assert_eq!(
            canonicalise(&code(table, &[]), Columns::Drop),
            Err(Error::BadLineTable)
        );
    }
}

#[test]
fn hostile_streams_are_refused() {
    assert_eq!(refused(b""), Error::Truncated { offset: 0 });
    assert_eq!(refused(b"NN"), Error::TrailingBytes { count: 1 });
    assert_eq!(refused(b"0"), Error::MisplacedNull { offset: 0 });
    assert_eq!(refused(b")\x010"), Error::MisplacedNull { offset: 2 });
    assert_eq!(
        refused(b"?"),
        Error::UnknownType {
            code: b'?',
            offset: 0
        }
    );
    assert_eq!(
        refused(b":NNN"),
        Error::UnknownType {
            code: b':',
            offset: 0
        }
    );
    assert_eq!(refused(b"s\xff\xff\xff\xff"), Error::BadLength { offset: 1 });
    assert_eq!(refused(b"(\xff\xff\xff\x7f"), Error::Truncated { offset: 5 });
    assert_eq!(refused(b"s\xff\xff\xff\x7f"), Error::Truncated { offset: 5 });
    assert_eq!(refused(b"l\0\0\0\x80"), Error::Truncated { offset: 5 });
    assert_eq!(refused(b"r\0\0\0\0"), Error::BadReference { index: 0, offset: 0 });
    // A tuple inside itself.
    assert_eq!(
        refused(b"\xa9\x01r\0\0\0\0"),
        Error::BadReference { index: 0, offset: 2 }
    );
}

#[test]
fn depth_is_limited_with_and_without_references() {
    let nested = |depth: usize| [b")\x01".repeat(depth - 1), b"N".to_vec()].concat();
    canonical(&nested(1500));
    assert!(matches!(refused(&nested(1501)), Error::TooDeep { .. }));
    assert!(matches!(refused(&nested(1_000_000)), Error::TooDeep { .. }));
    // Each item is a tuple of the item before: flat to read, deep to write.
    let chain = |length: u32| {
        let mut stream = [b"(", &length.to_le_bytes()[..], b"\xa9\0"].concat();
        for index in 0..length - 1 {
            stream.extend([b"\xa9\x01r", &index.to_le_bytes()[..]].concat());
        }
        stream
    };
    canonical(&chain(1400));
    assert!(matches!(refused(&chain(100_000)), Error::TooDeep { .. }));
}

#[test]
fn sets_that_would_take_for_ever_are_refused() {
    // A set that holds a pair of the pair before, 60 times: 2^60 bytes, spelled out.
    let mut stream = [b">", &62u32.to_le_bytes()[..], b"\xfa\x06abcdef"].concat();
    for index in 0..61u32 {
        let reference = [b"r", &index.to_le_bytes()[..]].concat();
        stream.extend([b"\xa9\x02", &reference[..], &reference].concat());
    }
    assert_eq!(refused(&stream), Error::SetTooLarge);
}

#[test]
fn no_damage_to_a_stream_makes_a_panic() {
    let inner = code(
        b"\xf1\x00\x01\x01\x02\xd8\x03\x04",
        &[b"N", b">\x02\0\0\0Z\x02abi\x01\0\0\0"],
    );
    let stream = code(
        b"\xe9\x00",
        &[
            &inner,
            b"\xe9\x01\0\0\0",
            b"{NT0",
            b"y\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xf0\x3f",
            b"r\0\0\0\0",
        ],
    );
    canonical(&stream);
    for length in 0..stream.len() {
        canonicalise(&stream[..length], Columns::Drop).expect_err("it is cut short");
    }
    let mut damaged = stream.clone();
    for index in 0..stream.len() {
        for byte in 0..=255 {
            damaged[index] = byte;
            if let Ok(canonical) = canonicalise(&damaged, Columns::Drop) {
                assert_eq!(canonicalise(&canonical, Columns::Drop), Ok(canonical));
            }
        }
        damaged[index] = stream[index];
    }
}
