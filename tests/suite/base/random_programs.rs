//! Compares random programs as artifacts with a native Python: `scripts/random/programs.py` makes the program of each
//! seed, builds it with a rehearsal and runs it in three surroundings. The seeds are fixed, so a failure repeats.

use std::thread;

use crate::setup;

/// The first seed, and the one after the last.
const SEEDS: &str = "0..60";

#[test]
fn print_what_they_print_natively() {
    let folder = setup::temporary();
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    let output = setup::script("random/programs.py", folder.path())
        .args([
            "compare",
            "--seeds",
            SEEDS,
            "--jobs",
            &jobs.to_string(),
            "--pywasm",
            setup::PYWASM,
        ])
        .arg("--python")
        .arg(setup::native_python())
        .output()
        .expect("the native Python starts");
    assert!(
        output.status.success(),
        "{}{}\nOne of them again, with what it is made of in the folder `kept`:\n\
         scripts/random/programs.py compare --seeds SEED --keep kept --shrink 60 --pywasm ... --python ...",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
