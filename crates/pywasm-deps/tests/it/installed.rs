//! Reading what is installed in a folder.

use std::fs;

use pywasm_deps::distributions;

#[test]
fn what_is_installed_is_told_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    };
    let empty = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    write(
        "Zed_x-1.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: Zed.X\nVersion: 1.0\nRequires-Dist: a>=1;\n  python_version<'4'\n\nName: no\n",
    );
    write(
        "Zed_x-1.0.dist-info/WHEEL",
        "Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n",
    );
    write(
        "Zed_x-1.0.dist-info/RECORD",
        &format!("z.py,{empty},0\na.py,{empty},0\nZed_x-1.0.dist-info/RECORD,,\n"),
    );
    write(
        "Zed_x-1.0.dist-info/entry_points.txt",
        "[console_scripts]\nzed = z:main\n",
    );
    write("a-2.dist-info/METADATA", "Name: a\nVersion: 2\n");
    write("notes.txt", "");
    let found = distributions(folder.path()).expect("reads");
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].name.as_str(), found[0].version.as_str()), ("a", "2"));
    assert!(found[0].files.is_empty());
    let zed = &found[1];
    assert_eq!(zed.name, "zed-x");
    assert_eq!(zed.requires, ["a>=1; python_version<'4'"]);
    assert_eq!(zed.tags, ["py2-none-any", "py3-none-any"]);
    assert_eq!(zed.files[1].path, "a.py");
    assert_eq!(zed.files[1].size, Some(0));
    assert_eq!(zed.entry_points[0].value, "z:main");

    write("bad-1.dist-info/METADATA", "Version: 2\n");
    let error = distributions(folder.path()).expect_err("has no name").to_string();
    assert!(
        error.contains("bad-1.dist-info") && error.contains("hint: "),
        "{error}"
    );
}
