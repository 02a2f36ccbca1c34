//! Each kind of relocation is followed or refused, and so is each damaged one.

use pywasm_object::{Error, ShakePlan, shake};

use crate::cases::{program, refused, segment};
use crate::tables::tables;
use pywasm_testkit::program::{Extra, Step, function, symbol};
use pywasm_testkit::seen::see;

#[test]
fn a_module_without_relocations_is_refused_with_a_hint() {
    for (missing, extra) in [
        ("linking", vec!["linking"]),
        ("reloc.CODE", vec!["reloc.CODE", "reloc.DATA"]),
    ] {
        let mut program = tables();
        program.without = extra;
        let error = shake(&program.build(), &ShakePlan::default()).expect_err("nothing to follow");
        assert_eq!(
            error.to_string(),
            format!("the module has no `{missing}` section: it was not linked with --emit-relocs")
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("--emit-relocs")));
    }
    let mut shared = tables();
    shared.custom = vec![("dylink.0", vec![])];
    assert!(matches!(
        shake(&shared.build(), &ShakePlan::default()),
        Err(Error::NotStatic { .. })
    ));
    assert!(matches!(
        shake(b"\0asm\x0d\0\x01\0", &ShakePlan::default()),
        Err(Error::Component)
    ));
    assert!(matches!(
        shake(b"no module", &ShakePlan::default()),
        Err(Error::Invalid(_))
    ));
}

/// What each relocation kind does with a function and with data, in code.
#[test]
fn every_relocation_kind_is_followed_or_refused() {
    // `i64.const` and `i32.const`, with room for 10, 8, 5 and 4 bytes.
    let wide = [&[0x42_u8][..], &[0x80; 9], &[0, 0x1a]].concat();
    let to_function = [0, 1, 2, 7, 8, 12, 13, 18, 19, 22, 24, 26];
    let to_data = [3, 4, 5, 7, 11, 13, 14, 15, 16, 17, 21, 23, 25];
    let to_nothing = [6, 10, 20];
    for kind in 0..=30 {
        let build = |name| {
            let mut program = program(vec![Step::Raw(kind, name, wide.clone()), Step::CallIndirect(0)]);
            program.functions.push(function("f", vec![]));
            program
                .functions
                .push(function("elsewhere", vec![Step::Take("f")]));
            program.segments = vec![segment(1024, b"datadead")];
            program.symbols = vec![symbol("d", 0, 0, 4), symbol("e", 0, 4, 4)];
            shake(&program.build(), &ShakePlan::default()).map(|shaken| see(&shaken.module))
        };
        let to_f = build("f");
        match &to_f {
            Ok(seen) if to_function.contains(&kind) => assert_eq!(seen.live, ["_start", "f"], "kind {kind}"),
            Ok(seen) => {
                assert!(to_nothing.contains(&kind), "kind {kind} leads to no function");
                assert_eq!(seen.live, ["_start"], "kind {kind}");
            }
            Err(_) => assert!(
                !to_function.contains(&kind) && !to_nothing.contains(&kind),
                "kind {kind}"
            ),
        }
        match &build("d") {
            Ok(seen) if to_data.contains(&kind) => {
                assert_eq!(&seen.memory[1024..1032], b"data\0\0\0\0", "kind {kind}")
            }
            Ok(_) => assert!(to_nothing.contains(&kind), "kind {kind} leads to no data"),
            Err(error) => {
                assert!(
                    !to_data.contains(&kind) && !to_nothing.contains(&kind),
                    "kind {kind}"
                );
                let text = format!(
                    "{error}: {:?}",
                    std::error::Error::source(error).map(ToString::to_string)
                );
                assert!(text.contains("offset") || text.contains("malformed"), "{text}");
            }
        }
    }
}

#[test]
fn a_bad_relocation_is_named_with_its_offset() {
    let refuse = |in_data, kind, offset, symbol| {
        let mut program = tables();
        program.extra = vec![Extra {
            in_data,
            kind,
            offset,
            symbol,
        }];
        refused(&program, &ShakePlan::default())
    };
    assert_eq!(
        refuse(false, 0, 0, 0),
        "relocation at offset 0x0 of `reloc.CODE`: FunctionIndexLeb is not within a function"
    );
    assert_eq!(
        refuse(false, 0, 9999, 0),
        "relocation at offset 0x270f of `reloc.CODE`: FunctionIndexLeb is not within a function"
    );
    assert_eq!(
        refuse(false, 0, 4, 999),
        "relocation at offset 0x4 of `reloc.CODE`: FunctionIndexLeb names a symbol that is not there"
    );
    assert_eq!(
        refuse(false, 9, 4, 0),
        "relocation at offset 0x4 of `reloc.CODE`: SectionOffsetI32 has no place in code or data"
    );
    assert_eq!(
        refuse(true, 5, 1, 0),
        "relocation at offset 0x1 of `reloc.DATA`: MemoryAddrI32 is not within a data segment"
    );
    assert_eq!(
        refuse(true, 5, 8, 0),
        "relocation at offset 0x8 of `reloc.DATA`: MemoryAddrI32 needs data, and names a function"
    );
    let mut program = tables();
    program.extra = vec![Extra {
        in_data: true,
        kind: 77,
        offset: 8,
        symbol: 0,
    }];
    let error = shake(&program.build(), &ShakePlan::default()).expect_err("an unknown kind");
    assert_eq!(error.to_string(), "the section `reloc.DATA` is malformed");
    let source = std::error::Error::source(&error)
        .expect("the reader's error")
        .to_string();
    assert!(source.contains("at offset"), "{source}");
}

#[test]
fn a_bad_symbol_is_refused() {
    let mut program = tables();
    program.symbols[0].size = 99;
    assert_eq!(
        refused(&program, &ShakePlan::default()),
        "symbol 8 (s_io): ends after its data segment"
    );
    program.symbols[0].size = 3;
    program.symbols.push(symbol("far", 9, 0, 4));
    assert_eq!(
        refused(&program, &ShakePlan::default()),
        "symbol 13 (far): there is no data segment 9"
    );
}
