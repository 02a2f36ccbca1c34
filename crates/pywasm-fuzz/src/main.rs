//! Runs the target that `PYWASM_FUZZ_TARGET` names with libFuzzer, whose options are the arguments. With
//! `PYWASM_FUZZ_IMPORTS`, prints the imports of files instead.

#![no_main]

mod imports;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use pywasm_fuzz::{Meter, Target};

#[global_allocator]
static METER: Meter = Meter;

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(init: {
    if std::env::var_os("PYWASM_FUZZ_IMPORTS").is_some() {
        let answered = imports::answer();
        std::process::exit(i32::from(answered.is_err()));
    }
}, |bytes: &[u8]| {
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("PYWASM_FUZZ_TARGET").unwrap_or_default();
        // The script names one that exists.
        Target::find(&name).unwrap_or_else(|| panic!("there is no target `{name}`"))
    });
    target.run(bytes);
});
