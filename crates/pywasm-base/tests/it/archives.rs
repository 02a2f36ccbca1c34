//! Tests that packing always gives the same bytes, and that hostile archives are refused.

use std::fs;

use pywasm_base::{AddOptions, Base, Error, Limits, Store, add, pack};
use pywasm_digest::Digest;
use pywasm_host::Quiet;

use crate::fixture::{Member, Place, Record, brotli, gzip, tar, write};

/// Adds an archive made of `bytes`, which must fail; nothing may be left of it.
fn refused(bytes: &[u8], limits: Limits) -> String {
    let place = Place::new();
    let file = place.path("x.tar.br");
    write(&file, bytes);
    let options = AddOptions {
        limits,
        ..AddOptions::default()
    };
    let name = file.display().to_string();
    let error = add(&place.home, &name, options, &Quiet).expect_err("refused");
    assert_eq!(place.in_store(), [""; 0], "{error}");
    let beside: Vec<_> = fs::read_dir(place.dir.path()).expect("a folder").collect();
    assert_eq!(beside.len(), 2, "only the archive and the home: {beside:?}");
    error.to_string().replace(&name, "FILE")
}

fn refused_members(members: &[Member<'_>]) -> String {
    let text = refused(&brotli(&tar(members)), Limits::default());
    text.strip_prefix("`FILE` cannot be unpacked: ")
        .unwrap_or(&text)
        .to_owned()
}

#[test]
fn pack_and_add_give_the_same_base() {
    let place = Place::new();
    let (file, packed, id) = place.packed("a");
    assert_eq!(
        Digest::compute(&std::fs::read(&file).expect("reads")),
        packed.sha256
    );
    let options = AddOptions {
        sha256: Some(packed.sha256),
        ..AddOptions::default()
    };
    let name = file.display().to_string();
    let first = add(&place.home, &name, options, &Quiet).expect("added");
    assert!(!first.was_there);
    assert_eq!(first.base.id(), id);
    assert_eq!(first.base.verify(&Quiet).expect("verified"), []);
    let second = add(&place.home, &name, AddOptions::default(), &Quiet).expect("added");
    assert!(second.was_there);
    assert_eq!(second.base, first.base);
}

#[test]
fn packed_twice_from_two_folders_to_the_same_bytes() {
    let place = Place::new();
    let (file, packed, _) = place.packed("a");
    let name = file.display().to_string();
    let installed = add(&place.home, &name, AddOptions::default(), &Quiet).expect("added");
    let again = place.path("again.tar.br");
    assert_eq!(pack(&installed.base, &again, &Quiet).expect("packed"), packed);
    assert!(fs::read(&file).expect("read") == fs::read(&again).expect("read"));
}

#[test]
fn the_archive_holds_no_trace_of_the_machine() {
    let place = Place::new();
    let (file, _, _) = place.packed("a");
    let mut plain = Vec::new();
    let mut archive = brotli::Decompressor::new(fs::File::open(file).expect("open"), 4096);
    std::io::copy(&mut archive, &mut plain).expect("unpacked");
    let mut names = Vec::new();
    for entry in tar::Archive::new(plain.as_slice()).entries().expect("entries") {
        let entry = entry.expect("an entry");
        let header = entry.header();
        assert_eq!(header.mtime().expect("a time"), 0);
        assert_eq!(
            (header.uid().expect("an owner"), header.gid().expect("a group")),
            (0, 0)
        );
        assert_eq!(header.mode().expect("a mode"), 0o644);
        names.push(entry.path().expect("a path").display().to_string());
    }
    assert_eq!(
        names,
        [
            "base.wasm",
            "licenses/cpython.txt",
            "manifest.json",
            "stdlib/json/__init__.py",
            "stdlib/os.py"
        ]
    );
}

#[test]
fn gzip_is_read_as_well() {
    let place = Place::new();
    let base = place.base("a");
    let paths = [
        "base.wasm",
        "licenses/cpython.txt",
        "manifest.json",
        "stdlib/json/__init__.py",
        "stdlib/os.py",
    ];
    let contents = paths.map(|path| fs::read(base.dir().join(path)).expect("read"));
    let mut members = vec![
        Member::of("stdlib/", b'5', ""),
        Member::of("stdlib/json", b'5', ""),
    ];
    members.extend(
        paths
            .iter()
            .zip(&contents)
            .map(|(path, content)| Member::file(path, content)),
    );
    let file = place.path("a.tar.gz");
    write(&file, &gzip(&tar(&members)));
    let installed = add(
        &place.home,
        &file.display().to_string(),
        AddOptions::default(),
        &Quiet,
    )
    .expect("added");
    assert_eq!(installed.base.id(), base.id());
}

#[test]
fn members_that_leave_the_folder() {
    let leaves = "leaves its folder or contains a `.` part";
    assert_eq!(
        refused_members(&[Member::file("../x", b"")]),
        format!("member `../x` {leaves}")
    );
    assert_eq!(
        refused_members(&[Member::file("a/../../x", b"")]),
        format!("member `a/../../x` {leaves}")
    );
    assert_eq!(
        refused_members(&[Member::of("../x", b'5', "")]),
        format!("member `../x` {leaves}")
    );
    assert_eq!(
        refused_members(&[Member::file("/x", b"")]),
        "member `/x` is absolute"
    );
    let odd = "has a character that file names in a base cannot have";
    assert_eq!(
        refused_members(&[Member::file("..\\x", b"")]),
        format!("member `..\\\\x` {odd}")
    );
    assert_eq!(
        refused_members(&[Member::file("C:x", b"")]),
        format!("member `C:x` {odd}")
    );
    assert_eq!(refused_members(&[Member::file("", b"")]), "member `` is empty");
}

#[test]
fn links_devices_and_extensions() {
    for (kind, what) in [
        (b'1', "a link"),
        (b'2', "a link"),
        (b'3', "a device"),
        (b'4', "a device"),
        (b'6', "a device"),
        (b'7', "of a kind that bases do not contain"),
        (b'L', "a GNU extension, not plain ustar"),
        (b'K', "a GNU extension, not plain ustar"),
        (b'S', "of a kind that bases do not contain"),
        (b'x', "a PAX extension, not plain ustar"),
        (b'g', "a PAX extension, not plain ustar"),
    ] {
        assert_eq!(
            refused_members(&[Member::of("x", kind, "/etc/passwd")]),
            format!("member `x` is {what}")
        );
    }
    // A link first, and then a file through it: the link is refused already.
    let through = [
        Member::of("stdlib", b'2', "/outside"),
        Member::file("stdlib/x", b"x"),
    ];
    assert_eq!(refused_members(&through), "member `stdlib` is a link");
}

#[test]
fn the_same_member_twice() {
    let twice = [Member::file("x", b"1"), Member::file("x", b"2")];
    assert_eq!(refused_members(&twice), "member `x` occurs twice");
    let both = [Member::of("x", b'5', ""), Member::file("x", b"2")];
    assert_eq!(refused_members(&both), "member `x` occurs twice");
    let below_a_file = refused_members(&[Member::file("x", b"1"), Member::file("x/y", b"2")]);
    assert!(below_a_file.starts_with("cannot create `"), "{below_a_file}");
}

#[test]
fn bombs() {
    let limits = Limits {
        file: 1 << 20,
        total: 4 << 20,
        members: 3,
    };
    let zeros = vec![0; 2 << 20];
    let big = brotli(&tar(&[Member::file("x", &zeros)]));
    assert!(big.len() < 1000);
    let text = refused(&big, limits);
    assert_eq!(
        text,
        "`FILE` cannot be unpacked: member `x` has 2097152 bytes, but the limit is 1048576"
    );

    let part = &zeros[..1 << 20];
    let many = ["a", "b", "c"].map(|name| Member::file(name, part));
    let wide = Limits {
        total: 2 << 20,
        ..limits
    };
    assert_eq!(
        refused(&gzip(&tar(&many)), wide),
        "`FILE` cannot be unpacked: the unpacked content is too large"
    );

    let more = ["a", "b", "c", "d"].map(|name| Member::file(name, b""));
    assert_eq!(
        refused(&brotli(&tar(&more)), limits),
        "`FILE` cannot be unpacked: the archive has more than 3 members"
    );

    // What follows the archive's end counts as well.
    let mut trailing = tar(&[]);
    trailing.resize(trailing.len() + (8 << 20), 0);
    assert_eq!(
        refused(&brotli(&trailing), limits),
        "`FILE` cannot be unpacked: the unpacked content is too large"
    );

    let lying = Member {
        size: Some(0o77777777777),
        ..Member::file("x", b"")
    };
    let text = refused_members(&[lying]);
    assert_eq!(
        text,
        "member `x` has 8589934591 bytes, but the limit is 536870912"
    );
}

#[test]
fn truncated_everywhere() {
    let place = Place::new();
    let (file, _, _) = place.packed("a");
    let whole = fs::read(file).expect("read");
    for length in 0..whole.len() {
        let text = refused(&whole[..length], Limits::default());
        assert!(
            text.starts_with("`FILE` cannot be unpacked: the "),
            "{length}: {text}"
        );
    }
}

#[test]
fn a_tar_that_ends_too_early_inside_a_whole_stream() {
    let whole = tar(&[Member::file("x", &[7; 2000])]);
    for length in [100, 600, 1500, 2400] {
        let text = refused(&gzip(&whole[..length]), Limits::default());
        let fine = text.contains("the archive ends too early")
            || text.contains("it is damaged")
            || text.contains("cannot read");
        assert!(fine, "{length}: {text}");
    }
}

#[test]
fn damaged_and_foreign_files() {
    let place = Place::new();
    let (file, _, _) = place.packed("a");
    let whole = fs::read(file).expect("read");
    // Each byte flipped: refused, or (in padding) the same base; never a panic, never another base.
    let victim = place.path("flipped.tar.br");
    for index in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[index] ^= 0x10;
        write(&victim, &bytes);
        if let Ok(installed) = add(
            &place.home,
            &victim.display().to_string(),
            AddOptions::default(),
            &Quiet,
        ) {
            assert_eq!(installed.base.id(), place.base("a").id(), "byte {index}");
        }
    }
    for foreign in [
        &b"PK\x03\x04"[..],
        b"\x28\xb5\x2f\xfd",
        b"\xfd7zXZ\0",
        b"<html>",
        b"\x1f\x8b\x08",
    ] {
        let text = refused(foreign, Limits::default());
        assert!(text.starts_with("`FILE` cannot be unpacked: the "), "{text}");
    }
}

#[test]
fn content_that_the_manifest_does_not_have() {
    let place = Place::new();
    let base = place.base("a");
    let manifest = fs::read(base.dir().join("manifest.json")).expect("read");
    let text = refused(
        &brotli(&tar(&[
            Member::file("manifest.json", &manifest),
            Member::file("base.wasm", b"other"),
        ])),
        Limits::default(),
    );
    let expected = format!(
        "base `{}` is damaged:\n  base.wasm was changed\n  licenses/cpython.txt is missing\n  \
         stdlib/json/__init__.py is missing\n  stdlib/os.py is missing",
        base.id()
    );
    assert_eq!(text, expected);
    let text = refused(&brotli(&tar(&[Member::file("x", b"")])), Limits::default());
    assert!(
        text.starts_with("cannot read `") && text.ends_with("manifest.json`"),
        "{text}"
    );
    let text = refused(
        &brotli(&tar(&[Member::file("manifest.json", b"{}")])),
        Limits::default(),
    );
    assert!(
        text.ends_with("manifest.json` is not the manifest of a base"),
        "{text}"
    );
}

#[test]
fn a_local_file_with_the_wrong_hash() {
    let place = Place::new();
    let (file, packed, _) = place.packed("a");
    let options = AddOptions {
        sha256: Some(Digest::compute(b"")),
        ..AddOptions::default()
    };
    let error = add(&place.home, &file.display().to_string(), options, &Quiet).expect_err("refused");
    assert!(
        matches!(error, Error::WrongHash { found, .. } if found == packed.sha256),
        "{error}"
    );
    let error = add(&place.home, "no-such-file.tar.br", options, &Quiet).expect_err("refused");
    assert_eq!(error.to_string(), "cannot read `no-such-file.tar.br`");
    assert_eq!(place.in_store(), [""; 0]);
}

#[test]
fn packing_refuses_a_damaged_base_and_a_strange_name() {
    let place = Place::new();
    let base = place.base("a");
    let error = pack(&base, &place.path("a.zip"), &Quiet).expect_err("refused");
    assert!(
        error.to_string().ends_with("a.zip` does not end in `.tar.br`"),
        "{error}"
    );
    write(&base.dir().join("stdlib/os.py"), b"changed");
    let target = place.path("a.tar.br");
    let error = pack(&base, &target, &Quiet).expect_err("refused");
    assert_eq!(
        error.to_string(),
        format!("base `{}` is damaged:\n  stdlib/os.py was changed", base.id())
    );
    assert!(!target.exists());
}

#[test]
fn stopped_while_unpacking() {
    let place = Place::new();
    let (file, _, id) = place.packed("a");
    let name = file.display().to_string();
    // However far it came, nothing is there, or the whole base is.
    let mut stopped = 0;
    loop {
        match add(
            &place.home,
            &name,
            AddOptions::default(),
            &Record::stopping_at(stopped),
        ) {
            Err(Error::Cancelled) => assert_eq!(place.in_store(), [""; 0]),
            Err(error) => panic!("{error}"),
            Ok(_) => break,
        }
        stopped += 1;
    }
    assert!(stopped > 5, "stopped at {stopped} points");
    assert_eq!(place.in_store(), [id.as_str()]);
    let base: Base = Store::new(&place.home).find(&id).expect("found");
    assert_eq!(base.verify(&Quiet).expect("verified"), []);
}
