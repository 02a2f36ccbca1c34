//! A package's own tests in an artifact: what passes natively passes there, or `testdata/package-tests/causes.toml` says
//! why not. `scripts/package-tests.sh` runs those of many packages.

use crate::setup;

#[test]
fn pass_where_they_pass_natively() {
    let folder = setup::temporary();
    let mut command = setup::script("packages/tests.py", folder.path());
    command
        .env("PYWASM", setup::PYWASM)
        .env("PYWASM_NATIVE_PYTHON", setup::native_python())
        .arg("--kept")
        .arg(setup::package_tests())
        .arg("--projects")
        .arg(folder.path())
        .arg("itsdangerous");
    setup::succeed(&mut command);
}
