//! Tests that images are read as they were built, and that everything else is refused.

use pywasm_bundle::image::{BuildError, Image, ImageBuilder, Kind, ReadError};

fn sample() -> Vec<u8> {
    let mut builder = ImageBuilder::new();
    builder
        .add_file("lib/python3.13/json/__init__.pyc", *b"json")
        .expect("a good path");
    builder
        .add_file("lib/python3.13/abc.pyc", *b"abc")
        .expect("a good path");
    builder
        .add_file("app/__init__.pyc", *b"json")
        .expect("a good path");
    builder.add_file("app/empty", *b"").expect("a good path");
    builder
        .add_file("app.txt", *b"beside the folder of nearly this name")
        .expect("a good path");
    builder.add_dir("app/data/none").expect("a good path");
    builder.build().expect("an image")
}

#[test]
fn files_and_folders_are_found_again() {
    let bytes = sample();
    let image = Image::parse(&bytes).expect("an image");
    let listed: Vec<_> = image
        .entries()
        .map(|entry| (entry.path, entry.kind, entry.bytes))
        .collect();
    let wanted: &[(&str, Kind, &[u8])] = &[
        ("app", Kind::Directory, b""),
        ("app.txt", Kind::File, b"beside the folder of nearly this name"),
        ("lib", Kind::Directory, b""),
        ("app/__init__.pyc", Kind::File, b"json"),
        ("app/data", Kind::Directory, b""),
        ("app/empty", Kind::File, b""),
        ("lib/python3.13", Kind::Directory, b""),
        ("app/data/none", Kind::Directory, b""),
        ("lib/python3.13/abc.pyc", Kind::File, b"abc"),
        ("lib/python3.13/json", Kind::Directory, b""),
        ("lib/python3.13/json/__init__.pyc", Kind::File, b"json"),
    ];
    assert!(
        listed
            .iter()
            .map(|(path, kind, bytes)| (path.as_str(), *kind, *bytes))
            .eq(wanted.iter().copied())
    );
    for (path, kind, bytes) in wanted {
        let entry = image.lookup(path).expect("an entry");
        assert_eq!(
            (entry.path.as_str(), entry.kind, entry.bytes),
            (*path, *kind, *bytes)
        );
    }
    assert_eq!(image.lookup("").map(|entry| entry.kind), Some(Kind::Directory));
    for path in [
        "app/none",
        "app.txt/inside",
        "/app",
        "app/",
        "app//data",
        "app/.",
        "ap",
    ] {
        assert_eq!(image.lookup(path), None, "{path}");
    }
}

#[test]
fn layout_is_that_of_the_architecture_page() {
    let mut builder = ImageBuilder::new();
    builder.add_file("b/f", *b"data").expect("a good path");
    builder.add_dir("a").expect("a good path");
    let image = builder.build().expect("an image");
    let number = |value: u32| value.to_le_bytes();
    let mut wanted = b"PYWASMFS".to_vec();
    let names = 24 + 4 * 24;
    let data = 128;
    for value in [1, 4, 24, data + 4] {
        wanted.extend(number(value));
    }
    for node in [
        [names, 0, 1, 1, 2, 0],
        [names, 1, 1, 3, 0, 0],
        [names + 1, 1, 1, 3, 1, 0],
        [names + 2, 1, 2, data, 4, 2],
    ] {
        wanted.extend(node.into_iter().flat_map(number));
    }
    wanted.extend(b"abf\0\0\0\0\0data");
    assert_eq!(image, wanted);
}

#[test]
fn equal_files_and_names_are_stored_once_and_files_are_aligned() {
    let bytes = sample();
    let count = |needle: &[u8]| {
        bytes
            .windows(needle.len())
            .filter(|window| *window == needle)
            .count()
    };
    assert_eq!(count(b"__init__.pyc"), 1);
    // The folder's name, and both files' content.
    assert_eq!(count(b"json"), 2);
    let image = Image::parse(&bytes).expect("an image");
    assert!(image.entries().all(|entry| entry.offset % 8 == 0));
}

#[test]
fn the_order_of_adding_does_not_matter() {
    let files = [("b/two", "2"), ("a", "1"), ("b/one", "1"), ("c/d/e", "3")];
    let build = |files: &mut dyn Iterator<Item = &(&str, &str)>| {
        let mut builder = ImageBuilder::new();
        for (path, content) in files {
            builder.add_file(path, *content).expect("a good path");
        }
        builder.build().expect("an image")
    };
    assert_eq!(build(&mut files.iter()), build(&mut files.iter().rev()));
}

#[test]
fn bad_paths_and_conflicts_are_refused() {
    let mut builder = ImageBuilder::new();
    builder.add_file("app/file", *b"").expect("a good path");
    for path in [
        "", "/", "/app", "app/", "app//x", ".", "app/..", "../x", "./x", "a\0b",
    ] {
        let wanted = BuildError::Name {
            path: path.to_owned(),
        };
        assert_eq!(builder.add_file(path, *b"").as_ref(), Err(&wanted), "{path:?}");
        assert_eq!(builder.add_dir(path), Err(wanted), "{path:?}");
    }
    let duplicate = BuildError::Duplicate {
        path: "app/file".to_owned(),
    };
    assert_eq!(builder.add_file("app/file", *b""), Err(duplicate));
    let conflict = |path: &str| {
        Err(BuildError::Conflict {
            path: path.to_owned(),
        })
    };
    assert_eq!(builder.add_file("app", *b""), conflict("app"));
    assert_eq!(builder.add_file("app/file/x", *b""), conflict("app/file"));
    assert_eq!(builder.add_dir("app/file/x/y"), conflict("app/file"));
    assert_eq!(builder.add_dir("app"), Ok(()));
}

#[test]
fn foreign_bytes_are_refused() {
    let image = sample();
    let parse = |bytes: &[u8]| Image::parse(bytes).err();
    assert_eq!(parse(b""), Some(ReadError::Header));
    assert_eq!(parse(&image[..20]), Some(ReadError::Header));
    let mut other = image.clone();
    other[8] = 2;
    assert_eq!(parse(&other), Some(ReadError::Version { found: 2 }));
    let stated = image.len() as u32;
    let longer = [&image[..], b"x"].concat();
    assert_eq!(
        parse(&longer),
        Some(ReadError::Length {
            stated,
            actual: image.len() + 1
        })
    );
}

#[test]
fn no_damage_to_an_image_makes_a_panic() {
    let image = sample();
    for length in 0..image.len() {
        Image::parse(&image[..length]).expect_err("it is cut short");
    }
    let mut damaged = image.clone();
    for index in 0..image.len() {
        for byte in 0..=255 {
            damaged[index] = byte;
            if let Ok(image) = Image::parse(&damaged) {
                assert!(
                    image
                        .entries()
                        .all(|entry| image.lookup(&entry.path) == Some(entry))
                );
            }
        }
        damaged[index] = image[index];
    }
}

#[test]
fn a_path_that_is_too_long_is_refused() {
    let mut builder = ImageBuilder::new();
    let long = |parts: usize| vec!["x"; parts].join("/");
    assert!(builder.add_file(&long(2049), *b"").is_err());
    builder.add_file(&long(2048), *b"").expect("4,095 bytes");
    let bytes = builder.build().expect("an image");
    assert_eq!(Image::parse(&bytes).expect("an image").entries().count(), 2048);
    // The same tree with longer names, all of which are one.
    let mut longer = bytes.clone();
    let offset = u32::from_le_bytes(longer[16..20].try_into().expect("four bytes")) as usize;
    let names = longer.len() as u32;
    longer.extend([b'y'; 8]);
    let total = longer.len() as u32;
    longer[20..24].copy_from_slice(&total.to_le_bytes());
    for node in 1..=2048 {
        let at = offset + node * 24;
        longer[at..at + 4].copy_from_slice(&names.to_le_bytes());
        longer[at + 4..at + 8].copy_from_slice(&8u32.to_le_bytes());
    }
    let refused = Image::parse(&longer).expect_err("too long");
    assert!(refused.to_string().contains("length of its path"), "{refused}");
}
