//! Feeds any bytes to each pass, which must refuse them or give a valid module.
//!
//! `cargo +nightly fuzz run passes` in the crate's folder; a good start is a
//! corpus of small linked modules (`wasm-ld --emit-relocs`).

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use pywasm_object::{
    Error, LinkPlan, RecordTable, ShakePlan, Snapshot, SnapshotPlan, link, pack, place, shake, snapshot,
    strip, symbol_file, table_names, target_features, validate,
};

/// Shakes for a snapshot between the exports `_start` and `c`, and gives the second module a memory.
fn shake_behind(module: &[u8]) -> Result<Vec<u8>, Error> {
    let plan = ShakePlan {
        snapshot: Some(SnapshotPlan {
            entry: "c".to_owned(),
            only_before: BTreeSet::from(["_start".to_owned()]),
            cut: BTreeSet::new(),
        }),
        ..ShakePlan::default()
    };
    let after = shake(module, &plan)?.after_snapshot.expect("the plan asks for it");
    assert!(validate(&after.module).is_ok(), "shaking gives a valid module");
    let mut memory = vec![0; 2 * 65_536];
    memory[1000..3000].fill(4);
    let plan = Snapshot { from: "c", to: "resume", unneeded: &after.unneeded, cut: &after.cut, zeros: 8 };
    Ok(snapshot(&after.module, &memory, &plan)?.module)
}

fuzz_target!(|module: &[u8]| {
    let table = RecordTable { symbol: "table".to_owned(), record_size: 8, key_offset: 0, keep: BTreeSet::new() };
    let plan = ShakePlan {
        drop_exports: BTreeSet::from(["c".to_owned()]),
        tables: vec![table.clone()],
        ..ShakePlan::default()
    };
    let modules = [
        shake(module, &ShakePlan::default()).map(|shaken| shaken.module),
        shake(module, &plan).map(|shaken| shaken.module),
        shake_behind(module),
        snapshot(module, &[1; 65_536], &Snapshot { from: "c", to: "_start", unneeded: &[1000..2000], cut: &[], zeros: 8 })
            .map(|taken| taken.module),
        place(module, "image", b"some bytes"),
        pack(module, 8),
        strip(module, &BTreeSet::new()).map(|stripped| stripped.module),
    ];
    let _ = (table_names(module, &table), target_features(module), symbol_file(module));
    if let Ok(linked) = link(module, &LinkPlan::default()) {
        assert!(validate(&linked).is_ok(), "a base that nothing is linked into stays valid");
    }
    for module in modules.into_iter().flatten() {
        assert!(validate(&module).is_ok(), "a pass gives a valid module");
    }
});
