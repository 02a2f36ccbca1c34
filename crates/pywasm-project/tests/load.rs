//! Projects on disk: what the path can be, what the command line overrides, and which data files
//! come along. What configurations can have wrong is in `testdata/resolve`.

use std::fs;
use std::path::Path;

use pywasm_project::{BuildOptions, Docstrings, Entry, Optimize, PackageFolder, Project, package_data};
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn load(path: &Path) -> Result<Project, String> {
    Project::load(path, &BuildOptions::default()).map_err(|error| error.to_string())
}

fn guests(project: &Project, packages: &[PackageFolder]) -> Result<Vec<String>, String> {
    let files = project.data_files(packages).map_err(|error| error.to_string())?;
    Ok(files.into_iter().map(|file| file.guest).collect())
}

#[test]
fn a_folder_its_configuration_or_a_script() {
    let folder = folder(&[
        (
            "pyproject.toml",
            "[tool.pywasm]\nname = \"shop\"\nentry = \"main.py\"\n",
        ),
        ("main.py", ""),
        ("tools/other.py", ""),
        ("notes.txt", ""),
    ]);
    let path = folder.path();
    for path in [path.to_path_buf(), path.join("pyproject.toml")] {
        let project = load(&path).expect("a project");
        assert_eq!(project.name, "shop");
        assert!(matches!(&project.entry, Entry::Script(script) if script.ends_with("main.py")));
        assert_eq!(project.source_roots.len(), 1);
        assert_eq!(project.settings.docstrings, Docstrings::App);
    }
    // The configuration beside a script counts, its entry does not.
    let script = load(&path.join("main.py")).expect("a project");
    assert_eq!(script.name, "shop");
    let other = load(&path.join("tools/other.py")).expect("a project");
    assert_eq!(other.name, "other");
    assert_eq!(
        load(&path.join("notes.txt"))
            .expect_err("an error")
            .lines()
            .count(),
        2
    );
    let error = load(&path.join("nowhere")).expect_err("an error");
    assert!(error.contains("cannot be built: it does not exist"), "{error}");
}

#[test]
fn the_command_line_goes_first() {
    let folder = folder(&[
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\n[tool.pywasm]\noptimize = \"s\"\ninclude = [\"one\"]\npython = \"3.13\"\n",
        ),
        ("main.py", ""),
        ("scripts/run.py", ""),
        ("vendor/x.py", ""),
    ]);
    let overrides = BuildOptions {
        name: Some("b".to_owned()),
        entry: Some("scripts/run.py".to_owned()),
        include: vec!["two.*".to_owned()],
        paths: vec![folder.path().join("vendor")],
        optimize: Some(Optimize::Off),
        python: Some("3.13.5".to_owned()),
        ..BuildOptions::default()
    };
    let project = Project::load(folder.path(), &overrides).expect("a project");
    assert_eq!(
        (project.name.as_str(), project.settings.optimize),
        ("b", Optimize::Off)
    );
    assert_eq!(
        project
            .include
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["one", "two.*"]
    );
    assert_eq!(project.python.as_deref(), Some("3.13.5"));
    assert!(project.paths[0].ends_with("vendor"));
    assert!(project.source_roots[0].ends_with("scripts"));
    assert_eq!(project.source_roots[1], project.root);

    let bad = BuildOptions {
        entry: Some("a-b".to_owned()),
        exclude: vec!["1".to_owned()],
        paths: vec!["no/such/folder".into()],
        ..BuildOptions::default()
    };
    let error = Project::load(folder.path(), &bad).expect_err("an error");
    assert_eq!(error.diagnostics.len(), 3, "{error}");
}

#[test]
fn a_configuration_that_is_no_text() {
    let folder = folder(&[("main.py", "")]);
    fs::write(folder.path().join("pyproject.toml"), b"a = 1\nb = \"\xe9\"\n").expect("a file");
    let error = load(folder.path()).expect_err("an error");
    assert!(
        error.contains("the file is not UTF-8") && error.contains("pyproject.toml:2"),
        "{error}"
    );
}

#[test]
fn data_stays_where_modules_look_for_it() {
    let folder = folder(&[
        (
            "pyproject.toml",
            "[tool.pywasm]\nentry = \"shop\"\ndata = [\"assets/**/*.txt\", \"dist/keep.txt\"]\n",
        ),
        ("src/shop/__init__.py", ""),
        ("src/shop/words.txt", "12345"),
        ("src/shop/module.py", ""),
        ("src/shop/__pycache__/x.pyc", ""),
        ("src/shop/node_modules/x.js", ""),
        ("src/shop/sub/__init__.py", ""),
        ("src/shop/sub/inner.txt", ""),
        ("assets/a.txt", ""),
        ("assets/.venv/b.txt", ""),
        ("assets/venv2/pyvenv.cfg", ""),
        ("assets/venv2/c.txt", ""),
        ("assets/deep/d.txt", ""),
        ("dist/keep.txt", ""),
        ("dist/other.txt", ""),
    ]);
    let project = load(folder.path()).expect("a project");
    let shop = PackageFolder {
        host: project.root.join("src/shop"),
        guest: "shop".to_owned(),
    };
    let found = guests(&project, std::slice::from_ref(&shop)).expect("files");
    assert_eq!(
        found,
        [
            "assets/a.txt",
            "assets/deep/d.txt",
            "dist/keep.txt",
            "shop/words.txt"
        ]
    );
    let files = project.data_files(std::slice::from_ref(&shop)).expect("files");
    assert_eq!(files.iter().map(|file| file.size).sum::<u64>(), 5);
    let sub = PackageFolder {
        host: project.root.join("src/shop/sub"),
        guest: "shop/sub".to_owned(),
    };
    let both = package_data(&project.root, &[shop, sub], &[]).expect("files");
    assert_eq!(
        both.iter().map(|file| file.guest.as_str()).collect::<Vec<_>>(),
        ["shop/sub/inner.txt", "shop/words.txt"]
    );
}

#[test]
fn package_data_can_be_left_out() {
    let folder = folder(&[
        (
            "pyproject.toml",
            "[tool.pywasm]\nentry = \"shop\"\npackage-data = false\n",
        ),
        ("shop/__init__.py", ""),
        ("shop/words.txt", ""),
    ]);
    let project = load(folder.path()).expect("a project");
    let shop = PackageFolder {
        host: project.root.join("shop"),
        guest: "shop".to_owned(),
    };
    assert!(guests(&project, &[shop]).expect("files").is_empty());
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.txt", "x")]);
    let folder = folder(&[
        (
            "pyproject.toml",
            "[tool.pywasm]\nentry = \"main.py\"\ndata = [\"data\"]\n",
        ),
        ("main.py", ""),
        ("data/a.txt", ""),
        ("more/b.txt", ""),
        ("shop/__init__.py", ""),
    ]);
    let path = folder.path();
    symlink("../more", path.join("data/inside")).expect("a link");
    let project = load(path).expect("a project");
    assert_eq!(
        guests(&project, &[]).expect("files"),
        ["data/a.txt", "data/inside/b.txt"]
    );

    symlink(outside.path(), path.join("data/outside")).expect("a link");
    symlink("..", path.join("data/circle")).expect("a link");
    let error = guests(&project, &[]).expect_err("an error");
    assert!(
        error.contains("`data/outside/secret.txt` is a link to a file outside the project"),
        "{error}"
    );
    assert!(
        error.contains("is a link to a folder that contains it"),
        "{error}"
    );

    symlink(outside.path().join("secret.txt"), path.join("shop/secret.txt")).expect("a link");
    fs::write(
        path.join("pyproject.toml"),
        "[tool.pywasm]\nentry = \"main.py\"\n",
    )
    .expect("a file");
    let project = load(path).expect("a project");
    let shop = PackageFolder {
        host: project.root.join("shop"),
        guest: "shop".to_owned(),
    };
    let error = guests(&project, &[shop]).expect_err("an error");
    assert!(
        error.contains("`shop/secret.txt` is a link to a file outside the project"),
        "{error}"
    );
}
