//! C modules without a Python in them, called from a Python host: `testdata/hosted`.

use crate::setup;

#[test]
fn native_hosted_and_pure_agree() {
    let folder = setup::root().join("testdata/hosted");
    let out = setup::temporary();
    setup::succeed(setup::bare(folder.join("build.sh"), out.path()).arg(out.path()));
    let mut compare = setup::limited(setup::wasmtime_python(), &folder);
    let output = setup::succeed(compare.args(["-B", "compare.py"]).arg(out.path()));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(
        said,
        "fib(0) = 0\nfib(1) = 1\nfib(10) = 55\nfib(24) = 46368\n\
         sieve(0) = 0\nsieve(1) = 0\nsieve(2) = 1\nsieve(100) = 25\nsieve(65537) = 6543\n"
    );
}
