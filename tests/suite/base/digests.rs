//! The bytes of 20 artifacts, as `testdata/digests.txt` has them: what this machine makes is what any other makes.

use crate::{
    app::{self, App},
    setup,
};

/// The list is empty, or this machine's compiler made another base from the same recipe.
const NOTHING_TO_COMPARE: i32 = 3;

#[test]
fn artifacts_have_the_listed_bytes() {
    // Other tests need these too: each is built once.
    for name in app::names() {
        App::named(&name).dist();
    }
    let output = setup::bare("bash", setup::root())
        .arg("scripts/check-digests.sh")
        .env("PYWASM", setup::PYWASM)
        .env("PYWASM_HOME", setup::home())
        .env("PYWASM_OFFLINE", "1")
        .envs(std::env::var_os("BLESS").map(|value| ("BLESS", value)))
        .output()
        .expect("bash starts");
    assert!(
        matches!(output.status.code(), Some(0 | NOTHING_TO_COMPARE)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
