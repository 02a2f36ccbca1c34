//! Short forms that several tests share.

use std::collections::BTreeSet;

use pywasm_object::{ShakePlan, ShakenModule, shake};

use pywasm_testkit::program::{Program, Segment, Step, function};
use pywasm_testkit::seen::{Seen, see};

pub(crate) fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(crate) fn shaken(program: &Program, plan: &ShakePlan) -> (ShakenModule, Seen) {
    let shaken = shake(&program.build(), plan).expect("the program shakes");
    let seen = see(&shaken.module);
    (shaken, seen)
}

pub(crate) fn seen(program: &Program) -> Seen {
    shaken(program, &ShakePlan::default()).1
}

pub(crate) fn refused(program: &Program, plan: &ShakePlan) -> String {
    shake(&program.build(), plan)
        .expect_err("the program is refused")
        .to_string()
}

pub(crate) fn segment(address: u32, bytes: &[u8]) -> Segment {
    Segment {
        name: ".data",
        address,
        bytes: bytes.to_vec(),
    }
}

/// `_start` with these steps is exported; `dead` is not called.
pub(crate) fn program(steps: Vec<Step>) -> Program {
    Program {
        functions: vec![function("_start", steps), function("dead", vec![])],
        exports: vec!["_start"],
        ..Program::default()
    }
}
