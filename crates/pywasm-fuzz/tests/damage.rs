//! Hands thousands of damaged modules to the target of all passes, and every beginning of one.
//!
//! In: the linked module in the corpus of that target. Out: no pass panics, or gives a module that is not
//! valid. The damage is the same in each run: a small generator with a fixed seed flips, cuts, inserts and
//! copies bytes. `scripts/fuzz.sh module` does the same for longer.

use std::{fs, path::Path};

use pywasm_fuzz::{TARGETS, Target};
use pywasm_object::{ShakePlan, shake};
use pywasm_testkit::Random;

fn target() -> &'static Target {
    let mut targets = TARGETS.iter();
    targets
        .find(|target| target.name == "module")
        .expect("the target of the passes")
}

fn linked() -> Vec<u8> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz/module");
    fs::read(corpus.join("seed-linked")).expect("the corpus has it")
}

fn damage(random: &mut Random, module: &mut Vec<u8>) {
    let at = random.below(module.len());
    match random.below(6) {
        0 => module[at] = random.number() as u8,
        1 => module[at] ^= 1 << random.below(8),
        2 => module[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
        3 => module.insert(at, random.number() as u8),
        4 => {
            module.remove(at);
        }
        _ => {
            let from = random.below(module.len());
            let length = random.below(8).min(module.len() - at.max(from));
            module.copy_within(from..from + length, at);
        }
    }
}

#[test]
fn no_pass_panics_at_damage() {
    let module = linked();
    let mut random = Random(0x5eed_5eed_5eed_5eed);
    let mut survived = 0;
    for round in 0..10_000 {
        let mut damaged = module.clone();
        for _ in 0..=round % 3 {
            damage(&mut random, &mut damaged);
        }
        target().run(&damaged);
        survived += usize::from(shake(&damaged, &ShakePlan::default()).is_ok());
    }
    assert!(
        survived > 500,
        "most damage is too coarse to test anything: {survived}"
    );
}

#[test]
fn no_pass_panics_at_a_beginning() {
    let module = linked();
    for end in 0..module.len() {
        target().run(&module[..end]);
    }
}
