//! Tracebacks name the file and the line that a native Python names, by guest paths alone.

use crate::{app::App, setup};

/// A traceback's line for a frame, and the source with its marks below it where there is any.
#[derive(Debug, PartialEq, Eq)]
struct Frame {
    place: String,
    source: Vec<String>,
}

/// The app's frames of a traceback and its last line. `root` stands for the app's own folder.
fn app_frames(traceback: &str, root: &str) -> (Vec<Frame>, String) {
    let lines: Vec<_> = traceback.lines().collect();
    let mut frames = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(place) = line.trim_start().strip_prefix(&format!("File \"{root}/")) {
            let below = lines[at + 1..].iter().take_while(|line| line.starts_with("    "));
            frames.push(Frame {
                place: place.to_owned(),
                source: below.map(|line| (*line).to_owned()).collect(),
            });
        }
    }
    (frames, lines.last().copied().unwrap_or_default().to_owned())
}

fn native() -> (Vec<Frame>, String) {
    let app = App::named("asyncpipe");
    let root = app.dir.join("src");
    let output = app
        .native(setup::root())
        .arg("boom")
        .output()
        .expect("the native Python starts");
    let frames = app_frames(&String::from_utf8_lossy(&output.stderr), &root.to_string_lossy());
    assert!(!frames.0.is_empty(), "a native traceback has frames");
    frames
}

fn guest(options: &[&str]) -> (Vec<Frame>, String) {
    let dist = App::named("asyncpipe").build(options);
    let mut command = setup::pywasm(setup::root());
    let output = command
        .arg("run")
        .arg(dist.wasm())
        .args(["--", "boom"])
        .output()
        .expect("pywasm starts");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for line in told
        .lines()
        .filter(|line| line.trim_start().starts_with("File \""))
    {
        assert!(
            line.contains("File \"/pywasm/"),
            "a frame outside of the guest: {line}"
        );
    }
    app_frames(&told, "/pywasm/app")
}

#[test]
fn a_release_names_files_and_lines() {
    let (native, guest) = (native(), guest(&[]));
    let places = |frames: &[Frame]| frames.iter().map(|frame| frame.place.clone()).collect::<Vec<_>>();
    assert_eq!(places(&guest.0), places(&native.0));
    assert_eq!(guest.1, native.1);
}

#[test]
fn dev_shows_the_source_too() {
    assert_eq!(guest(&["--profile", "dev"]), native());
}
