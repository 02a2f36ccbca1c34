//! WebAssembly: each pass over a damaged module refuses it or gives a valid one.

use std::collections::BTreeSet;

use pywasm_dist::record;
use pywasm_object::{
    Error, Export, InitTable, InitTableEntry, LinkError, LinkPlan, RecordTable, ShakePlan, SideModule,
    Snapshot, SnapshotPlan, SymbolFile, pack, place, shake, snapshot, strip, symbol_file, table_names,
    target_features, validate,
};

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Shakes for a snapshot, and gives the second module a memory.
fn shake_after(module: &[u8]) -> Result<Vec<u8>, Error> {
    let plan = ShakePlan {
        snapshot: Some(SnapshotPlan {
            entry: "c".to_owned(),
            only_before: names(&["_start"]),
            cut: names(&[]),
        }),
        ..ShakePlan::default()
    };
    let after = shake(module, &plan)?
        .after_snapshot
        .expect("the plan requests it");
    validate(&after.module).expect("shaking gives a valid module");
    let mut memory = vec![0; 2 * 65_536];
    memory[1000..3000].fill(4);
    let plan = Snapshot {
        dropped: &[],
        from: "c",
        to: "resume",
        unneeded: &after.unneeded,
        cut: &after.cut,
        zeros: 8,
    };
    Ok(snapshot(&after.module, &memory, &plan)?.module)
}

/// Every pass over one linked module.
pub(crate) fn module(bytes: &[u8]) {
    let table = RecordTable {
        symbol: "table".to_owned(),
        record_size: 8,
        key_offset: 0,
        keep: names(&["one"]),
    };
    let plan = ShakePlan {
        cut: BTreeSet::default(),
        drop_exports: names(&["c"]),
        keep: names(&["more"]),
        tables: vec![table.clone()],
        ..ShakePlan::default()
    };
    let modules = [
        shake(bytes, &plan).map(|shaken| shaken.module),
        shake(bytes, &ShakePlan::default()).map(|shaken| shaken.module),
        shake_after(bytes),
        place(bytes, "image", b"some bytes"),
        pack(bytes, 8),
        strip(bytes, &names(&["name"])).map(|stripped| stripped.module),
    ];
    for module in modules {
        match module {
            Ok(module) => validate(&module).expect("a pass gives a valid module"),
            Err(error @ Error::Output { .. }) => panic!("{error}: {error:?}"),
            Err(_) => {}
        }
    }
    let _read = (
        table_names(bytes, &table),
        target_features(bytes),
        symbol_file(bytes),
    );
}

/// The linker with a damaged shared module, or with a damaged base: first alone, then with a list, an export
/// and imports from the host. The first 3 bytes are the length of the base.
pub(crate) fn link(bytes: &[u8]) {
    let Some((base, side)) = split(bytes) else { return };
    let entry = InitTableEntry {
        text: "side".to_owned(),
        module: 0,
        function: "PyInit_side".to_owned(),
    };
    let lists = [
        vec![],
        vec![InitTable {
            symbol: "list".to_owned(),
            records: vec![entry],
        }],
    ];
    let export = Export {
        module: 0,
        function: "PyInit_side".to_owned(),
    };
    let exports = [vec![], vec![export]];
    for ((lists, exports), is_open) in lists.into_iter().zip(exports).zip([false, true]) {
        let module = SideModule {
            name: "side".to_owned(),
            wasm: side.to_vec(),
            is_open,
        };
        let plan = LinkPlan {
            modules: vec![module],
            lists,
            exports,
        };
        match pywasm_object::link(base, &plan) {
            Ok(linked) => {
                validate(&linked).expect("linking gives a valid module");
                let _shaken = shake(&linked, &ShakePlan::default());
            }
            Err(LinkError::Output(error)) => panic!("linking gave a module that is not valid: {error}"),
            Err(_) => {}
        }
    }
}

/// The record inside of an artifact.
pub(crate) fn module_record(bytes: &[u8]) {
    if let Ok(found) = record::read(bytes) {
        let again = record::seal(b"\0asm\x01\0\0\0".to_vec(), &found);
        assert_eq!(record::read(&again).ok().as_ref(), Some(&found));
    }
}

/// The analysis of an artifact's size, with the symbol file of its build. The first 3 bytes are the
/// length of the module.
pub(crate) fn size(bytes: &[u8]) {
    let Some((module, json)) = split(bytes) else {
        return;
    };
    for symbols in [None, SymbolFile::from_json(json).ok(), symbol_file(module).ok()] {
        let Ok(analysis) = pywasm_size::analyze("app.wasm", module, symbols, None) else {
            continue;
        };
        let names: Vec<String> = analysis.names().take(20).map(str::to_owned).collect();
        for name in names {
            let _explained = analysis.explain(&name);
        }
        let _text = serde_json::to_string(&analysis.tree);
        let sum: u64 = analysis.tree.children.iter().map(|child| child.bytes).sum();
        assert_eq!(
            (sum, analysis.tree.bytes),
            (module.len() as u64, module.len() as u64)
        );
    }
}

/// Splits what comes after a length of 3 bytes.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<3>()?;
    rest.split_at_checked(u32::from_le_bytes([length[0], length[1], length[2], 0]) as usize)
}
