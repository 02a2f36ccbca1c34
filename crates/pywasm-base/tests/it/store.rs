//! Tests listing, choosing, verifying and removing bases, also with several processes at a time.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use pywasm_base::{AddOptions, BASE_ABI, Error, Home, Problem, Store, add, recipe_digest};
use pywasm_digest::Digest;
use pywasm_host::{Progress, Quiet};

use crate::fixture::{Place, write};

fn put(place: &Place, salt: &str, python: &str, recipe: Digest, abi: u32) -> String {
    let base = place.base_of(salt, python, recipe, abi);
    let target = place.home.bases().join(base.id());
    fs::create_dir_all(place.home.bases()).expect("a folder");
    fs::rename(base.dir(), &target).expect("moved");
    base.id().to_owned()
}

fn other() -> Digest {
    Digest::compute(b"another recipe")
}

#[test]
fn an_empty_store() {
    let place = Place::new();
    let store = Store::new(&place.home);
    let listing = store.list().expect("listed");
    assert!(listing.bases.is_empty() && listing.broken.is_empty());
    assert_eq!(store.find_best("3.13.15").expect("looked"), None);
    let error = store.find("cpython").expect_err("nothing");
    assert_eq!(error.to_string(), "no base matches `cpython`");
    assert!(error.hint().expect("a hint").contains("pywasm base build"));
    assert!(!place.home.root().exists(), "looking creates nothing");
}

#[test]
fn the_best_base() {
    let place = Place::new();
    let store = Store::new(&place.home);
    let best = |python: &str| {
        store
            .find_best(python)
            .expect("looked")
            .map(|base| base.id().to_owned())
    };

    let foreign = put(&place, "foreign", "3.13.15", other(), BASE_ABI);
    assert_eq!(best("3.13.15"), Some(foreign.clone()), "better than none");
    put(&place, "abi", "3.13.15", recipe_digest(), 7);
    assert_eq!(best("3.13.15"), Some(foreign), "another ABI is never chosen");
    let own = put(&place, "own", "3.13.15", recipe_digest(), BASE_ABI);
    let twin = put(&place, "twin", "3.13.15", recipe_digest(), BASE_ABI);
    assert_eq!(
        best("3.13.15"),
        Some(own.min(twin)),
        "our recipe first, then by id"
    );
    let new = put(&place, "new", "3.13.100", other(), BASE_ABI);
    assert_eq!(
        best("3.13"),
        Some(new),
        "numbers, not letters; the newest of the line"
    );
    assert_eq!(best("3.1"), None);
    assert_eq!(best("3.14"), None);
}

#[test]
fn finding_by_id_prefix_version_and_path() {
    let place = Place::new();
    let store = Store::new(&place.home);
    let one = put(&place, "one", "3.13.15", other(), BASE_ABI);
    let two = put(&place, "two", "3.13.5", other(), BASE_ABI);
    let id = |selector: &str| store.find(selector).expect("found").id().to_owned();
    assert_eq!(id(&one), one);
    assert_eq!(id(&one[..one.len() - 3]), one);
    assert_eq!(
        id(&two[two.len() - 12..two.len() - 6]),
        two,
        "digits of the digest"
    );
    assert_eq!(id("3.13.5"), two);
    assert_eq!(id("3.13"), one);
    assert_eq!(id(&place.home.bases().join(&two).display().to_string()), two);

    let error = store.find("cpython-3.13").expect_err("two fit");
    let mut both = [one.clone(), two.clone()];
    both.sort();
    assert_eq!(
        error.to_string(),
        format!("`cpython-3.13` matches more than one base: {}", both.join(", "))
    );
    assert_eq!(error.hint().as_deref(), Some("give more digits of the id"));
    let error = store.find("zzz").expect_err("none fits");
    assert_eq!(
        error.to_string(),
        format!("no base matches `zzz` (available: {})", both.join(", "))
    );
    assert!(store.find("").is_err());
}

#[test]
fn another_abi_is_listed_and_refused() {
    let place = Place::new();
    let id = put(&place, "abi", "3.13.15", other(), 7);
    let base = Store::new(&place.home).find(&id).expect("found");
    let error = base.check_abi().expect_err("refused");
    assert_eq!(
        error.to_string(),
        format!("base `{id}` has ABI 7, but this pywasm needs ABI {BASE_ABI}")
    );
}

#[test]
fn verify_finds_every_kind_of_damage() {
    let place = Place::new();
    let id = put(&place, "a", "3.13.15", other(), BASE_ABI);
    let base = Store::new(&place.home).find(&id).expect("found");
    assert_eq!(base.verify(&Quiet).expect("verified"), []);

    write(&base.wasm(), b"\0asM a");
    assert_eq!(
        base.verify(&Quiet).expect("verified"),
        [Problem::Changed("base.wasm".into())]
    );
    write(&base.stdlib().join("extra.py"), b"");
    fs::remove_file(base.stdlib().join("os.py")).expect("removed");
    fs::create_dir(base.dir().join("empty")).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", base.dir().join("link")).expect("a link");
    let error = base.ensure_intact(&Quiet).expect_err("damaged");
    let expected = format!(
        "base `{id}` is damaged:\n  base.wasm was changed\n  empty does not belong to the base\n  \
         link is neither a file nor a folder\n  stdlib/extra.py does not belong to the base\n  \
         stdlib/os.py is missing"
    );
    assert_eq!(error.to_string(), expected);
    assert!(error.hint().expect("a hint").contains("pywasm base remove"));
}

#[test]
fn a_changed_manifest_is_no_base() {
    let place = Place::new();
    let id = put(&place, "a", "3.13.15", other(), BASE_ABI);
    let path = place.home.bases().join(&id).join("manifest.json");
    let text = fs::read_to_string(&path)
        .expect("read")
        .replace("\"19\"", "\"20\"");
    write(&path, text.as_bytes());
    let store = Store::new(&place.home);
    let listing = store.list().expect("listed");
    assert!(listing.bases.is_empty());
    assert_eq!(listing.broken.len(), 1);
    assert!(matches!(listing.broken[0].1, Error::Manifest { .. }));
    // It can still be removed, by its folder's name and by nothing less.
    assert!(store.remove("", &Quiet).is_err());
    assert!(store.remove("cpython", &Quiet).is_err());
    assert_eq!(store.remove(&id, &Quiet).expect("removed"), id);
    assert_eq!(place.in_store(), [""; 0]);
}

#[test]
fn a_renamed_base_is_no_base() {
    let place = Place::new();
    let id = put(&place, "a", "3.13.15", other(), BASE_ABI);
    fs::rename(place.home.bases().join(&id), place.home.bases().join("mine")).expect("renamed");
    let listing = Store::new(&place.home).list().expect("listed");
    assert!(listing.bases.is_empty());
    assert_eq!(listing.broken.len(), 1);
}

#[test]
fn removing() {
    let place = Place::new();
    let store = Store::new(&place.home);
    let one = put(&place, "one", "3.13.15", other(), BASE_ABI);
    let two = put(&place, "two", "3.13.5", other(), BASE_ABI);
    assert_eq!(store.remove("3.13.5", &Quiet).expect("removed"), two);
    assert_eq!(place.in_store(), [one.as_str()]);
    assert!(matches!(
        store.remove(&two, &Quiet),
        Err(Error::NoSuchBase { .. })
    ));

    let elsewhere = place.base("elsewhere");
    let path = elsewhere.dir().display().to_string();
    assert!(
        store.remove(&path, &Quiet).is_err(),
        "a folder outside the store is not ours"
    );
    assert!(elsewhere.wasm().is_file());
    for selector in ["..", ".", "", ".lock"] {
        assert!(store.remove(selector, &Quiet).is_err(), "{selector}");
    }
    assert_eq!(place.in_store(), [one.as_str()]);

    let three = put(&place, "three", "3.13.15", other(), BASE_ABI);
    assert!(
        matches!(store.remove("3.13.15", &Quiet), Err(Error::AmbiguousBase { .. })),
        "none is guessed"
    );
    assert_eq!(store.remove(&three, &Quiet).expect("removed"), three);
    assert_eq!(place.in_store(), [one]);
}

#[test]
fn adding_mends_a_damaged_base() {
    let place = Place::new();
    let (file, _, id) = place.packed("a");
    let name = file.display().to_string();
    let base = add(&place.home, &name, AddOptions::default(), &Quiet)
        .expect("added")
        .base;
    write(&base.stdlib().join("os.py"), b"changed");
    let again = add(&place.home, &name, AddOptions::default(), &Quiet).expect("added");
    assert!(!again.was_there);
    assert_eq!(again.base.verify(&Quiet).expect("verified"), []);
    assert_eq!(place.in_store(), [id]);
}

#[test]
fn threads_at_once() {
    let place = Place::new();
    let (file, _, id) = place.packed("a");
    let (other_file, _, other_id) = place.packed("b");
    let results: Vec<_> = thread::scope(|scope| {
        let handles: Vec<_> = (0..8)
            .map(|index| {
                let file = if index % 2 == 0 { &file } else { &other_file };
                let home = &place.home;
                scope.spawn(move || add(home, &file.display().to_string(), AddOptions::default(), &Quiet))
            })
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().expect("no panic").expect("added"))
            .collect()
    });
    assert_eq!(
        results.iter().filter(|installed| !installed.was_there).count(),
        2,
        "each is installed once"
    );
    let mut ids = [id, other_id];
    ids.sort();
    assert_eq!(place.in_store(), ids);
}

/// This test binary once more, running [`child`] with a home and an archive.
fn spawn_child(home: &Home, archive: &Path, hold: bool) -> Child {
    Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", "store::child", "--nocapture"])
        .env("PYWASM_TEST_HOME", home.root())
        .env("PYWASM_TEST_ARCHIVE", archive)
        .env("PYWASM_TEST_HOLD", if hold { "1" } else { "" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child")
}

/// To the parent, on a line of its own; the test harness writes there too.
fn say(text: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n{text}")
        .and_then(|()| out.flush())
        .expect("said");
}

/// Says `unpacking` in the middle of an installation, and then waits for a line.
struct Hold;

impl Progress for Hold {
    fn bytes(&self, _done: u64, _total: Option<u64>) {
        say("unpacking");
        let _ = std::io::stdin().read_line(&mut String::new());
    }
}

/// Not a test of its own: what a child process does.
#[test]
fn child() {
    let (Some(home), Some(archive)) = (
        std::env::var_os("PYWASM_TEST_HOME"),
        std::env::var_os("PYWASM_TEST_ARCHIVE"),
    ) else {
        return;
    };
    let home = Home::new(Path::new(&home)).expect("a home");
    let hold = std::env::var_os("PYWASM_TEST_HOLD").is_some_and(|value| !value.is_empty());
    let progress: &dyn Progress = if hold { &Hold } else { &Quiet };
    let installed = add(&home, &archive.to_string_lossy(), AddOptions::default(), progress).expect("added");
    say(&format!("was there: {}", installed.was_there));
}

fn output(mut child: Child) -> String {
    let mut text = String::new();
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_to_string(&mut text)
        .expect("read");
    assert!(child.wait().expect("ended").success(), "{text}");
    text
}

#[test]
fn processes_at_once() {
    let place = Place::new();
    let (file, _, id) = place.packed("a");
    let children: Vec<_> = (0..4).map(|_| spawn_child(&place.home, &file, false)).collect();
    let outputs: Vec<_> = children.into_iter().map(output).collect();
    let first = outputs
        .iter()
        .filter(|text| text.contains("was there: false"))
        .count();
    let later = outputs
        .iter()
        .filter(|text| text.contains("was there: true"))
        .count();
    assert_eq!((first, later), (1, 3), "{outputs:?}");
    assert_eq!(place.in_store(), [id]);
}

/// Starts a child and returns when it is in the middle of its installation.
fn held_child(place: &Place, file: &Path) -> Child {
    let mut child = spawn_child(&place.home, file, true);
    let mut lines = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
    assert!(lines.any(|line| line.expect("a line") == "unpacking"));
    child
}

#[test]
fn a_killed_installation_leaves_nothing() {
    let place = Place::new();
    let (file, _, id) = place.packed("a");
    let mut child = held_child(&place, &file);
    let listing = Store::new(&place.home).list().expect("listed");
    assert!(
        listing.bases.is_empty() && listing.broken.is_empty(),
        "half a base is no base"
    );
    child.kill().expect("killed");
    child.wait().expect("ended");
    let listing = Store::new(&place.home).list().expect("listed");
    assert!(listing.bases.is_empty() && listing.broken.is_empty());

    // The dead process's lock is gone, and the next one sweeps up what it left.
    let name = file.display().to_string();
    assert!(
        !add(&place.home, &name, AddOptions::default(), &Quiet)
            .expect("added")
            .was_there
    );
    assert_eq!(place.in_store(), [id]);
}

#[test]
fn the_second_waits_for_the_first() {
    let place = Place::new();
    let (file, _, id) = place.packed("a");
    let mut child = held_child(&place, &file);

    /// Lets the child go on once this process has to wait for it.
    struct Release(std::sync::Mutex<Option<std::process::ChildStdin>>);
    impl Progress for Release {
        fn step(&self, text: &str) {
            if text.starts_with("wait for another pywasm")
                && let Some(mut stdin) = self.0.lock().expect("a pipe").take()
            {
                // The child asks at every member; the closed pipe answers all but the first.
                let _ = stdin.write_all(b"\n");
            }
        }
    }
    let release = Release(std::sync::Mutex::new(child.stdin.take()));
    let name = file.display().to_string();
    let installed = add(&place.home, &name, AddOptions::default(), &release).expect("added");
    assert!(installed.was_there);
    assert!(release.0.lock().expect("a pipe").is_none(), "it had to wait");
    assert!(output(child).contains("was there: false"));
    assert_eq!(place.in_store(), [id]);
}

#[test]
fn waiting_can_be_stopped() {
    let place = Place::new();
    let (file, _, _) = place.packed("a");
    let mut child = held_child(&place, &file);
    let name = file.display().to_string();
    let result = add(
        &place.home,
        &name,
        AddOptions::default(),
        &crate::fixture::Record::stopping_at(0),
    );
    assert!(matches!(result, Err(Error::Cancelled)));
    child.kill().expect("killed");
    child.wait().expect("ended");
}
