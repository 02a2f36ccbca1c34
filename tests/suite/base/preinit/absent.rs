//! Programs that look for files which are not in the artifact: quick starts where they are absent,
//! and what a start without a snapshot prints where a mounted folder has them.

use std::{fs, path::Path, process::Command};

use super::{Built, artifact, built, run, told};
use crate::setup;

const SNAPSHOT: [&str; 4] = ["--profile", "dev", "--preinit", "stdlib"];

/// How an artifact starts, as its report says it.
fn start(built: &Built) -> serde_json::Value {
    let report = setup::text(&built.wasm.with_extension("report.json"));
    let report: serde_json::Value = serde_json::from_str(&report).expect("a report");
    report["start"].clone()
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Folders to mount, with their names in the program.
fn mounts(folder: &Path) -> Vec<Vec<String>> {
    let name = |folder: &str| format!("mnt/{folder}");
    write(folder, &name("empty/other.txt"), "");
    write(folder, &name("file/app.ini"), "[a]\nb = 1\n");
    write(folder, &name("folder/sub/x.txt"), "x");
    write(folder, &name("parsed/one.ini"), "[one]\n");
    write(
        folder,
        &name("modules/modules/absent_extra.py"),
        "WORD = 'found'\n",
    );
    write(folder, &name("root/data/app.ini"), "[r]\n");
    write(folder, &name("root/etc/mime.types"), "text/x-root reh\n");
    write(folder, &name("etc/mime.types"), "text/x-reh reh\n");
    write(folder, &name("home/.config/two.ini"), "[two]\n");
    let dirs = |dirs: &[(&str, &str)]| {
        let dir = |(from, to): &(&str, &str)| format!("{}::{to}", folder.join(name(from)).display());
        dirs.iter().map(dir).collect()
    };
    vec![
        dirs(&[("empty", "/elsewhere")]),
        dirs(&[("empty", "/data")]),
        dirs(&[("file", "/data")]),
        dirs(&[("file", "data")]),
        dirs(&[("file", "/data/")]),
        dirs(&[("folder", "/data")]),
        dirs(&[("folder/sub", "/data/sub")]),
        dirs(&[("parsed", "/data"), ("empty", "/elsewhere")]),
        dirs(&[("modules", "/data")]),
        dirs(&[("empty", "/")]),
        dirs(&[("root", "/")]),
        dirs(&[("root", ".")]),
        dirs(&[("root", "/"), ("empty", "/data")]),
        dirs(&[("etc", "/etc")]),
        dirs(&[("empty", "/etc")]),
        dirs(&[("home", "/root")]),
        dirs(&[("home", "/home/me")]),
    ]
}

fn mounted(built: &Built, folder: &Path, mounts: &[String]) -> Command {
    let mut command = artifact(built, folder);
    for mount in mounts {
        command.args(["--dir", mount]);
    }
    command.args(["--env", "HOME=/home/me"]);
    command
}

#[test]
fn what_a_mounted_folder_has_is_found() {
    let folder = setup::temporary();
    let (ours, plain) = (
        built("absent", &SNAPSHOT),
        built("absent", &["--profile", "dev", "--preinit", "none"]),
    );
    let mut answers = Vec::new();
    for mounts in mounts(folder.path()) {
        let mut answer = |with_home: bool| {
            let [ours, plain] = [&ours, &plain].map(|built| {
                let mut command = mounted(built, folder.path(), &mounts);
                if !with_home {
                    command = artifact(built, folder.path());
                    command.args(mounts.iter().flat_map(|mount| ["--dir", mount]));
                }
                told("absent", &run(command, ""))
            });
            assert_eq!(ours, plain, "{mounts:?}, HOME: {with_home}");
            assert_eq!(ours.0, Some(0), "{mounts:?}: {}", ours.2);
            answers.push(ours.1);
        };
        answer(false);
        answer(true);
    }
    let all = answers.concat();
    let [found, listed, typed, extra] = ["['[a]", "['x.txt']", "text/x-reh", "found"];
    for text in [found, listed, typed, extra, "text/x-root", "['two']", "['one']"] {
        assert!(all.contains(text), "{text} is in no run\n{all}");
    }
}

/// How many objects are permanent tells a start that has gone back from one that has not.
#[test]
fn a_start_goes_back_where_a_path_is_there() {
    let folder = setup::temporary();
    let built = built("absent", &SNAPSHOT);
    let frozen = |mounts: &[String]| {
        let mut command = artifact(&built, folder.path());
        command.args(mounts.iter().flat_map(|mount| ["--dir", mount]));
        command.args(["--", "frozen"]);
        let (code, stdout, stderr) = told("absent", &run(command, ""));
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
        let last = stdout.lines().last().expect("a line");
        last.parse::<u32>().expect("a number")
    };
    let mounts = mounts(folder.path());
    let [elsewhere, has_the_file] = [&mounts[0], &mounts[2]];
    assert_eq!(frozen(&[]), frozen(elsewhere));
    assert_ne!(frozen(&[]), frozen(has_the_file));
}

#[test]
fn the_report_names_the_paths() {
    let start = start(&built("absent", &SNAPSHOT));
    let text = start.to_string();
    assert_eq!(start["rehearsal"]["action"], "writes to stdout", "{text}");
    assert_eq!(start["fallback"]["action"], "looks at /data/app.ini", "{text}");
    for assumption in [
        "no mounted folder has /data/app.ini",
        "HOME is not set",
        "no mounted folder has /data/sub",
        "no mounted folder has /etc/mime.types",
    ] {
        let mut assumptions = start["assumptions"].as_array().expect("an array").iter();
        assert!(assumptions.any(|one| one == assumption), "{assumption}: {text}");
    }
}

/// The path after the last that a snapshot relies on, a listing of all that is mounted, and a change
/// are where a rehearsal stops.
#[test]
fn a_rehearsal_stops_where_a_path_is_no_assumption() {
    for (program, stop) in [
        (
            "import os\nfor n in range(70):\n    os.path.exists(f'/none/{n}')\nprint(1)\n",
            "looks at /none/64",
        ),
        (
            "import os\nos.listdir('/')\nprint(1)\n",
            "uses /, a path outside of the artifact",
        ),
        (
            "try:\n    open('/none.txt', 'w')\nexcept OSError:\n    print(1)\n",
            "uses /none.txt, a path outside of the artifact",
        ),
        (
            "import os\nos.path.exists('/n\\n')\nprint(1)\n",
            "uses /n?, a path outside of the artifact",
        ),
        (
            "import tempfile\ntempfile.gettempdir()\nprint(1)\n",
            "draws random numbers",
        ),
        (
            "import os\nassert os.path.exists('/tmp')\nfile = open(os.devnull, 'w')\nprint(1)\n",
            "writes to stdout",
        ),
    ] {
        let folder = setup::temporary();
        write(folder.path(), "main.py", program);
        let mut command = setup::pywasm(folder.path());
        command.args(["build", "main.py"]).args(SNAPSHOT);
        setup::succeed(command.args(["--name", "case", "--out-dir", "dist"]));
        let report = setup::text(&folder.path().join("dist/case.report.json"));
        let report: serde_json::Value = serde_json::from_str(&report).expect("a report");
        assert_eq!(report["start"]["rehearsal"]["action"], stop, "{program}");
        let mut command = setup::pywasm(folder.path());
        command.args(["run", "dist/case.wasm"]);
        assert_eq!(setup::succeed(&mut command).stdout, b"1\n");
    }
}
