//! Honest and hostile wheels are unpacked: what is there afterwards, and what is not.

use std::fs;
use std::path::Path;

use pywasm_deps::distributions;

use crate::maker::{Case, Member, Wheel, base64, member};

#[test]
fn an_honest_wheel_is_unpacked_and_found_again() {
    let case = Case::new();
    let mut packed = member("x/__init__.py", "print(1)\n".repeat(1000));
    packed.method = 8;
    let wheel = Wheel::new(vec![
        packed,
        member("x-1.0.data/purelib/x/more.py", "y = 2\n"),
        member("x-1.0.data/platlib/z.py", ""),
        member("x-1.0.data/scripts/x", "#!python\n"),
        member("x-1.0.data/data/share/x.txt", "words"),
        member("x.pth", "x\nimport os; os.abort()\n../..\n"),
    ]);
    let installed = case.install(&wheel.bytes()).expect("installs");
    assert_eq!((installed.made, installed.roots.len()), (1, 2));
    let site = &installed.roots[0];
    assert_eq!(installed.roots[1], site.join("x"));
    assert_eq!(
        fs::read_to_string(site.join("x/more.py")).expect("is there"),
        "y = 2\n"
    );
    let found = distributions(site).expect("reads");
    let files: Vec<&str> = found[0].files.iter().map(|file| file.path.as_str()).collect();
    let wanted = [
        "x-1.0.dist-info/METADATA",
        "x-1.0.dist-info/RECORD",
        "x-1.0.dist-info/WHEEL",
        "x.pth",
        "x/__init__.py",
        "x/more.py",
        "z.py",
    ];
    assert_eq!(files, wanted);
    let told: Vec<String> = installed.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:#?}");
    for word in ["data for places outside", "import os; os.abort()", "`../..`"] {
        assert!(told.iter().any(|text| text.contains(word)), "{word}: {told:#?}");
    }
    let again = case.install(&wheel.bytes()).expect("installs");
    assert_eq!((again.made, again.warnings.len()), (0, 3));
}

#[test]
fn hostile_members_are_refused_and_nothing_is_left() {
    let name = |name: &str| Wheel::new(vec![member(name, "x")]).bytes();
    let with = |change: &dyn Fn(&mut Member)| {
        let mut one = member("x/a.py", "content");
        change(&mut one);
        let mut wheel = Wheel::new(vec![one]);
        // So that the sizes are the archive's matter.
        wheel.record = Box::new(|text| text.replacen(",7\n", ",\n", 1));
        wheel.bytes()
    };
    let record = |change: fn(String) -> String| {
        let mut wheel = Wheel::new(vec![member("x/a.py", "content")]);
        wheel.record = Box::new(change);
        wheel.bytes()
    };
    let metadata = |text: &str| {
        let mut wheel = Wheel::new(vec![]);
        wheel.metadata = text.to_owned();
        wheel.bytes()
    };
    let zeros = || {
        let mut one = member("x/zeros", vec![0; 20 << 20]);
        one.method = 8;
        one
    };
    let two = |a: &str, b: &str| Wheel::new(vec![member(a, "1"), member(b, "2")]).bytes();
    let honest = Wheel::new(vec![member("x/a.py", "content")]).bytes();
    let mut changed = honest.clone();
    let at = changed
        .windows(7)
        .position(|bytes| bytes == b"content")
        .expect("is there");
    changed[at] = b'C';
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a member above", name("../outside.py"), "outside its folder"),
        (
            "a member far above",
            name("x/../../../../outside.py"),
            "outside its folder",
        ),
        (
            "an absolute member",
            name("/tmp/pywasm-outside.py"),
            "outside its folder",
        ),
        (
            "a member by backslash",
            name("..\\outside.py"),
            "outside its folder",
        ),
        ("a member on a drive", name("C:/outside.py"), "outside its folder"),
        ("a NUL", name("x/a\0.py"), "outside its folder"),
        ("an empty part", name("x//a.py"), "outside its folder"),
        (
            "a member of .data above",
            name("x-1.0.data/purelib/../../outside.py"),
            "outside its folder",
        ),
        (
            "an unknown part of .data",
            name("x-1.0.data/other/a.py"),
            "unknown part",
        ),
        ("a link", with(&|one| one.mode = 0o120_777), "is a link or"),
        ("a device", with(&|one| one.mode = 0o060_644), "a special file"),
        ("an encrypted one", with(&|one| one.flags = 1), "encrypted"),
        ("an unknown method", with(&|one| one.method = 12), "method 12"),
        (
            "a size too small",
            with(&|one| (one.claims, one.method) = (Some(3), 8)),
            "larger than its declared",
        ),
        (
            "a size too large",
            with(&|one| (one.claims, one.method) = (Some(30), 8)),
            "damaged",
        ),
        (
            "an absurd size",
            with(&|one| one.claims = Some(0xf000_0000)),
            "not plausible",
        ),
        (
            "another name inside",
            with(&|one| one.local_name = Some("x/b.py".to_owned())),
            "disagree",
        ),
        ("a bomb", Wheel::new(vec![zeros()]).bytes(), "not plausible"),
        ("the same name twice", two("x/a.py", "x/a.py"), "two members"),
        (
            "names that differ in case",
            two("x/a.py", "x/A.py"),
            "only in case",
        ),
        (
            "a file and a folder",
            two("x/a", "x/a/b.py"),
            "both a file and a folder",
        ),
        (
            "two places that are one",
            two("x/a.py", "x-1.0.data/purelib/x/a.py"),
            "would be installed as",
        ),
        (
            "two distributions",
            two("x/a.py", "y-1.0.dist-info/METADATA"),
            "exactly one `.dist-info`",
        ),
        (
            "a wrong digest",
            record(|text| text.replace(&base64(b"content"), &base64(b""))),
            "does not match its",
        ),
        (
            "a wrong size",
            record(|text| text.replacen(",7\n", ",8\n", 1)),
            "the size of `x/a.py`",
        ),
        (
            "a line too few",
            record(|text| text.lines().skip(1).map(|line| format!("{line}\n")).collect()),
            "does not list",
        ),
        (
            "a line too many",
            record(|text| text + "x/b.py,,\n"),
            "does not contain",
        ),
        (
            "no digest",
            record(|text| text.replacen("sha256=", "md5=", 1)),
            "no SHA-256",
        ),
        ("a wrong name", metadata("Name: y\nVersion: 1.0\n"), "says `y`"),
        (
            "a wrong version",
            metadata("Name: x\nVersion: 2.0\n"),
            "says `x` 2.0",
        ),
        ("other content", changed, "damaged"),
        (
            "a cut archive",
            honest[..honest.len() - 9].to_vec(),
            "not a zip archive",
        ),
        ("no archive", b"hello".to_vec(), "not a zip archive"),
        ("nothing", Vec::new(), "not a zip archive"),
    ];
    for (what, bytes, wanted) in cases {
        let case = Case::new();
        let error = case.install(&bytes).map(|_| ()).expect_err(what);
        assert!(
            error.contains(wanted) && error.contains("hint: "),
            "{what}: {error}"
        );
        let left: Vec<String> = case
            .files()
            .into_iter()
            .filter(|file| !file.contains("cache/wheels/"))
            .collect();
        let own = ["main.py", "requirements.txt"].map(|file| format!("deep/project/{file}"));
        assert_eq!(left, own, "{what}");
    }
    assert!(!Path::new("/tmp/pywasm-outside.py").exists());
}
