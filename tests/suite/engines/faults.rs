//! Faults at random moments: the tool dies, the disk is full, permissions are missing, servers stop in the middle of an
//! answer. `scripts/faults.sh` does the same with more rounds, and with the optimizer; the seed is fixed.

use crate::setup;

/// Each kind of round about twice.
const ROUNDS: &str = "30";

#[test]
fn the_next_build_is_right() {
    let folder = setup::temporary();
    let mut command = setup::script("faults/main.py", folder.path());
    command
        .env("PYWASM", setup::PYWASM)
        .env(
            "PYWASM_TEST_VENV",
            setup::wasmtime_python().ancestors().nth(2).expect("a folder"),
        )
        .env("PYWASM_WHEELS", setup::wheels())
        .args(["--quick", "--rounds", ROUNDS, "--seed", "14"]);
    setup::succeed(&mut command);
}
