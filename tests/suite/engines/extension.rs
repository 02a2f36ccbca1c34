//! An extension module in C from a package's source distribution.

use std::path::Path;

use crate::{
    base::extension::{copy_of, run},
    setup,
};

fn native(project: &Path, paths: &str) -> String {
    let mut command = setup::limited(setup::native_python(), project);
    command.env("PYTHONPATH", project.join(paths));
    let output = setup::succeed(command.args(["-B", "main.py"]));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn markupsafe_from_its_source_distribution() {
    let project = copy_of("markupsafe");
    setup::copy(&setup::sdist("markupsafe"), &project.path().join("sdist"));
    let (printed, _) = run(project.path(), &[]);
    let (head, rest) = printed.split_once('\n').expect("lines");
    assert_eq!(head, "builtin_function_or_method markupsafe._speedups");
    let pure = native(project.path(), "sdist/src");
    let (head, pure) = pure.split_once('\n').expect("lines");
    assert_eq!(head, "function markupsafe._native");
    assert_eq!(rest, pure);
}
