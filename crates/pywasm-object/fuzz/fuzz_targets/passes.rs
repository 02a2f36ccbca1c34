//! In: any bytes. Out: nothing; each pass refuses them or gives a valid module.
//!
//! `cargo +nightly fuzz run passes` in the crate's folder; a good start is a
//! corpus of small linked modules (`wasm-ld --emit-relocs`).

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use pywasm_object::{
    RecordTable, ShakePlan, pack, place, shake, strip, symbol_file, table_names, target_features, validate,
};

fuzz_target!(|module: &[u8]| {
    let table = RecordTable { symbol: "table".to_owned(), record_size: 8, key_offset: 0, keep: BTreeSet::new() };
    let plan = ShakePlan {
        cut: Default::default(),
        drop_exports: BTreeSet::from(["c".to_owned()]),
        keep: BTreeSet::new(),
        tables: vec![table.clone()],
    };
    let modules = [
        shake(module, &ShakePlan::default()).map(|shaken| shaken.module),
        shake(module, &plan).map(|shaken| shaken.module),
        place(module, "image", b"some bytes"),
        pack(module, 8),
        strip(module, &BTreeSet::new()).map(|stripped| stripped.module),
    ];
    let _ = (table_names(module, &table), target_features(module), symbol_file(module));
    for module in modules.into_iter().flatten() {
        assert!(validate(&module).is_ok(), "a pass gives a valid module");
    }
});
