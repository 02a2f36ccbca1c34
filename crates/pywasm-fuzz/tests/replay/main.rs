//! Hands every input of `testdata/fuzz` to its target, and hostile shapes of it. `scripts/fuzz.sh` looks for
//! new inputs. `BLESS=1` writes the seeds again.

mod modules;
mod packed;
mod seeds;
mod texts;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pywasm_fuzz::{Meter, TARGETS};

#[global_allocator]
static METER: Meter = Meter;

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz")
}

fn inputs(name: &str) -> Vec<PathBuf> {
    let folder =
        fs::read_dir(corpora().join(name)).unwrap_or_else(|error| panic!("the corpus of {name}: {error}"));
    let mut inputs: Vec<PathBuf> = folder.map(|entry| entry.expect("it is listed").path()).collect();
    inputs.sort();
    inputs
}

#[test]
fn each_target_has_a_corpus() {
    let wanted: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let folders = fs::read_dir(corpora())
        .expect("the corpora")
        .map(|entry| entry.expect("it is listed"));
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    assert_eq!(names.collect::<BTreeSet<String>>(), wanted);
}

#[test]
fn the_seeds_are_those_of_the_tests() {
    for (target, name, bytes) in seeds::seeds() {
        let path = corpora().join(target).join(format!("seed-{name}"));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, bytes).expect("it is written");
        } else {
            let there = fs::read(&path).unwrap_or_default();
            assert!(
                there == bytes,
                "{} has changed: BLESS=1 writes it again",
                path.display()
            );
        }
    }
}

// One test, since the count of memory is one for all threads.
#[test]
fn the_corpora_and_hostile_shapes_of_them() {
    // The scanner has as much stack in a build.
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(replay);
    worker.expect("a thread").join().expect("no target fails");
}

// The output of a test that fails names the input.
#[allow(clippy::print_stdout)]
fn replay() {
    for target in TARGETS {
        target.run(b"");
        for path in inputs(target.name) {
            let bytes = fs::read(&path).expect("it is read");
            // Named in the output of a test that fails.
            println!("{}", path.display());
            target.run(&bytes);
            for changed in shapes(&bytes) {
                target.run(&changed);
            }
        }
    }
}

/// Cut, doubled, filled with the largest numbers, nested.
fn shapes(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut shapes = vec![bytes[..bytes.len() / 2].to_vec(), [bytes, bytes].concat()];
    let step = (bytes.len() / 8).max(1);
    for at in (0..bytes.len()).step_by(step) {
        let mut changed = bytes.to_vec();
        let end = bytes.len().min(at + 4);
        changed[at..end].fill(0xff);
        shapes.push(changed);
    }
    for open in [b"(".as_slice(), b"[", b"{", b"{\"a\":", b"a.", b"-"] {
        shapes.push([open.repeat(20_000), bytes.to_vec()].concat());
    }
    shapes
}
