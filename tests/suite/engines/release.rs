//! Releases: the same bytes each time, and a verdict that no changed byte passes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::OnceLock,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{app::App, setup};

const OPTIONS: [&str; 4] = ["release", "--gzip", "--zstd", "--aot=x86_64-unknown-freebsd"];

/// A copy of the app `hello` and its release.
struct Released {
    temporary: TempDir,
}

impl Released {
    /// Makes it below a folder of this name. With an own home, nothing comes out of a cache.
    fn new(folder: &str, own_home: bool) -> Self {
        let temporary = setup::temporary();
        let project = temporary.path().join(folder);
        setup::copy(&App::named("hello").dir, &project);
        fs::remove_dir_all(project.join("dist")).ok();
        fs::rename(&project, temporary.path().join("project")).expect("the project moves");
        let released = Self { temporary };
        let mut command = setup::pywasm(&released.project());
        command.args(OPTIONS);
        if own_home {
            command
                .env("PYWASM_HOME", released.temporary.path().join("home"))
                .arg("--base")
                .arg(setup::base());
        }
        setup::succeed(&mut command);
        released
    }

    fn project(&self) -> PathBuf {
        self.temporary.path().join("project")
    }

    fn folder(&self) -> PathBuf {
        self.project().join("dist/release/hello-1.0.0")
    }
}

/// The release that the tests look at; none changes it.
fn warm() -> &'static Released {
    static RELEASED: OnceLock<Released> = OnceLock::new();
    RELEASED.get_or_init(|| Released::new("one", false))
}

/// A copy of its folder, to be changed.
fn copied() -> (TempDir, PathBuf) {
    let temporary = setup::temporary();
    let folder = temporary.path().join("hello-1.0.0");
    setup::copy(&warm().folder(), &folder);
    (temporary, folder)
}

fn verify(release: &Path, options: &[&str]) -> Output {
    let mut command = setup::pywasm(setup::root());
    command.arg("verify").arg(release).args(options);
    command.output().expect("pywasm starts")
}

/// The verdict has to be that everything agrees.
fn agrees(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}{errors}");
    told
}

/// The verdict has to be that something differs; what.
fn differs(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{told}{errors}");
    told
}

fn names(folder: &Path) -> Vec<String> {
    let shown = |path: PathBuf| path.display().to_string();
    setup::tree(folder).into_iter().map(shown).collect()
}

#[test]
fn a_release_is_the_same_in_another_folder_without_a_cache() {
    let (one, other) = (warm().folder(), Released::new("another", true));
    assert_eq!(names(&one), names(&other.folder()));
    for name in names(&one) {
        let same = setup::bytes(&one.join(&name)) == setup::bytes(&other.folder().join(&name));
        assert!(same, "{name} differs between two releases");
    }
    let left = names(&other.project().join("dist/release"));
    assert!(
        left.iter().all(|name| name.starts_with("hello-1.0.0")),
        "{left:?}"
    );
}

#[test]
fn its_files_are_what_they_are_called() {
    let folder = warm().folder();
    for name in [
        "LICENSES.txt",
        "SHA256SUMS",
        "hello-1.0.0.tar.gz",
        "hello.x86_64-unknown-freebsd.cwasm",
        "hello.x86_64-unknown-freebsd.cwasm.json",
        "hello.cdx.json",
        "hello.provenance.json",
        "hello.report.json",
        "hello.spdx.json",
        "hello.symbols.json",
        "hello.wasm",
        "hello.wasm.br",
        "hello.wasm.gz",
        "hello.wasm.zst",
    ] {
        assert!(folder.join(name).is_file(), "{name}: {:?}", names(&folder));
    }
    setup::succeed(setup::bare("sha256sum", &folder).args(["--strict", "--quiet", "-c", "SHA256SUMS"]));
    setup::succeed(setup::bare("sh", &folder).args(["-c", "gunzip < hello.wasm.gz | cmp - hello.wasm"]));

    let json =
        |name: &str| -> Value { serde_json::from_slice(&setup::bytes(&folder.join(name))).expect("JSON") };
    let report = json("hello.report.json");
    assert_eq!(
        report["timings"],
        serde_json::json!({ "total": 0.0, "stages": {} })
    );
    let statement = json("hello.provenance.json");
    let validator = setup::root().join("tests/release/validate.py");
    let mut command = setup::bare(setup::venv("python"), &folder);
    setup::succeed(command.arg(validator).arg("hello.provenance.json"));
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "https://slsa.dev/provenance/v1");
    let inputs = report["inputs"].as_array().expect("inputs");
    let paths: Vec<_> = inputs.iter().filter_map(|input| input["path"].as_str()).collect();
    assert!(paths.contains(&"project/hello.py"), "{paths:?}");
    assert!(paths.contains(&"stdlib/encodings/__init__.py"), "{paths:?}");
}

#[test]
fn a_stranger_unpacks_and_verifies_it() {
    let archive = warm().folder().join("hello-1.0.0.tar.gz");
    assert!(agrees(&verify(&archive, &[])).starts_with("hello-1.0.0: all "));
    let place = setup::temporary();
    setup::succeed(setup::bare("tar", place.path()).arg("xzf").arg(&archive));
    let unpacked = place.path().join("hello-1.0.0");
    agrees(&verify(&unpacked, &[]));
    let verdict: Value =
        serde_json::from_slice(&verify(&warm().folder(), &["--format", "json"]).stdout).expect("JSON");
    assert_eq!(verdict["verified"], true);
    assert_eq!(verdict["release"], "hello-1.0.0");
    assert_eq!(verdict["signature"]["state"], "none");
    assert_eq!(verdict["findings"], serde_json::json!([]));
}

const ARCHIVE: &str = "hello-1.0.0.tar.gz";

/// A file with one bit changed.
struct Flip {
    path: PathBuf,
    bytes: Vec<u8>,
    at: usize,
}

impl Flip {
    fn make(&self) {
        fs::write(&self.path, &self.bytes).expect("a changed file");
    }
}

/// So many places of a file, the last byte among them.
fn flips(path: &Path, count: usize) -> Vec<Flip> {
    let whole = setup::bytes(path);
    let flip = |part: usize| {
        let at = (whole.len() - 1) * part / count;
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        Flip {
            path: path.to_owned(),
            bytes,
            at,
        }
    };
    (1..=count).map(flip).collect()
}

#[test]
fn a_flipped_byte_in_any_file_is_found() {
    let (_temporary, folder) = copied();
    let archive = folder.join(ARCHIVE);
    for release in [&folder, &archive] {
        for at in flips(&archive, 3) {
            at.make();
            let told = differs(&verify(release, &[]));
            assert!(
                told.starts_with(&format!("{ARCHIVE}: ")),
                "byte {}: {told}",
                at.at
            );
        }
        fs::write(&archive, setup::bytes(&warm().folder().join(ARCHIVE))).expect("the archive");
    }
    // Without it, since it would be another than the changed files, too.
    fs::remove_file(&archive).expect("the archive leaves");
    for name in names(&folder) {
        let path = folder.join(&name);
        let whole = setup::bytes(&path);
        for at in flips(&path, if name == "SHA256SUMS" { 5 } else { 1 }) {
            at.make();
            let told = differs(&verify(&folder, &[]));
            // Of the sums and the provenance, nothing says which of the two is at fault.
            let named = told.lines().any(|line| {
                line.starts_with(&format!("{name}: "))
                    || name == "SHA256SUMS" && line.contains("SHA256SUMS has")
            });
            assert!(named, "byte {} of {name}: {told}", at.at);
        }
        fs::write(&path, &whole).expect("the file");
    }
    agrees(&verify(&folder, &[]));
    fs::write(folder.join("more.txt"), "more").expect("one more file");
    assert!(differs(&verify(&folder, &[])).contains("more.txt: SHA256SUMS does not list this file"));
    fs::remove_file(folder.join("more.txt")).expect("it leaves");
    fs::remove_file(folder.join("hello.symbols.json")).expect("it leaves");
    assert!(differs(&verify(&folder, &[])).contains("hello.symbols.json: the file is missing"));
    std::os::unix::fs::symlink("hello.wasm", folder.join("hello.symbols.json")).expect("a link");
    assert!(differs(&verify(&folder, &[])).contains("hello.symbols.json: this is not a regular file"));
}

#[test]
fn sums_that_were_made_to_fit_do_not_help() {
    let (_temporary, folder) = copied();
    fs::remove_file(folder.join("hello-1.0.0.tar.gz")).expect("the archive leaves");
    let module = folder.join("hello.wasm");
    let mut changed = setup::bytes(&module);
    let last = changed.len() - 1;
    changed[last] ^= 1;
    fs::write(&module, changed).expect("a changed module");
    let again = "sha256sum $(cut -c 67- SHA256SUMS) > new && mv new SHA256SUMS";
    setup::succeed(setup::bare("sh", &folder).args(["-c", again]));
    let told = differs(&verify(&folder, &[]));
    assert!(told.contains("hello.wasm: the SHA-256 is "), "{told}");
    assert!(told.contains("but the provenance has "), "{told}");
}

/// `minisign` with these arguments.
fn minisign(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = setup::bare("minisign", folder);
    command.args(arguments).output().expect("minisign is installed")
}

#[test]
fn signatures_are_those_of_minisign() {
    let keys = setup::temporary();
    let at = |name: &str| keys.path().join(name).display().to_string();
    for pair in ["own", "other"] {
        let (public, secret) = (at(&format!("{pair}.pub")), at(&format!("{pair}.key")));
        let made = minisign(keys.path(), &["-G", "-W", "-p", &public, "-s", &secret]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    let own = at("own.pub");
    let mut command = setup::pywasm(&warm().project());
    command
        .args(OPTIONS)
        .args(["--sign", &at("own.key"), "--out-dir"])
        .arg(keys.path());
    setup::succeed(&mut command);
    let folder = keys.path().join("hello-1.0.0");

    let seen = minisign(&folder, &["-V", "-m", "SHA256SUMS", "-p", &own]);
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    let told = String::from_utf8_lossy(&seen.stdout).into_owned();
    assert!(
        told.contains("Trusted comment: pywasm release hello-1.0.0\n"),
        "{told}"
    );

    assert!(agrees(&verify(&folder, &["--public-key", &own])).contains("signature: by the key "));
    let key = setup::text(&keys.path().join("own.pub"));
    let key = key.lines().nth(1).expect("a key");
    agrees(&verify(
        &folder.join("hello-1.0.0.tar.gz"),
        &["--public-key", key],
    ));
    assert!(agrees(&verify(&folder, &[])).contains("signature: not checked"));
    let refused = differs(&verify(&folder, &["--public-key", &at("other.pub")]));
    assert!(
        refused.contains("SHA256SUMS.minisig: the signature does not match the public key"),
        "{refused}"
    );

    fs::remove_file(folder.join(ARCHIVE)).expect("the archive leaves");
    for flip in flips(&folder.join("SHA256SUMS.minisig"), 7) {
        flip.make();
        let told = differs(&verify(&folder, &["--public-key", &own]));
        assert!(told.contains("SHA256SUMS.minisig: "), "byte {}: {told}", flip.at);
    }

    // The other way round: minisign signs, pywasm verifies.
    let (_temporary, folder) = copied();
    fs::remove_file(folder.join("hello-1.0.0.tar.gz")).expect("the archive has no signature in it");
    let missing = differs(&verify(&folder, &["--public-key", &own]));
    assert!(
        missing.contains("SHA256SUMS.minisig: the signature is missing"),
        "{missing}"
    );
    let signed = minisign(&folder, &["-S", "-s", &at("own.key"), "-m", "SHA256SUMS"]);
    assert!(
        signed.status.success(),
        "{}",
        String::from_utf8_lossy(&signed.stderr)
    );
    agrees(&verify(&folder, &["--public-key", &own]));
}

#[test]
fn a_rebuild_gives_the_same_bytes_or_tells_what_changed() {
    let project = setup::temporary();
    setup::copy(&App::named("hello").dir, project.path());
    let sources = project.path().display().to_string();
    let options = ["--rebuild", "--project", &sources];
    let told = agrees(&verify(&warm().folder(), &options));
    assert!(told.contains("rebuild: every byte is the same"), "{told}");

    let script = project.path().join("hello.py");
    fs::write(&script, setup::text(&script).replace("Hello", "Good day")).expect("a changed source");
    let archive = warm().folder().join("hello-1.0.0.tar.gz");
    let told = differs(&verify(&archive, &options));
    assert!(told.starts_with("project/hello.py: its SHA-256 is "), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn what_a_release_needs_is_asked_for() {
    let project = setup::temporary();
    let script = project.path().join("app.py");
    fs::write(&script, "print('hi')\n").expect("a script");
    let refused = |options: &[&str], text: &str| {
        let mut command = setup::pywasm(project.path());
        let output = command.args(["release", "app.py"]).args(options).output();
        let output = output.expect("pywasm starts");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(text), "{told}");
    };
    refused(
        &[],
        "hint: write `version = \"1.0.0\"` under [project], or give --version",
    );
    refused(&["--version", "../1"], "cannot be part of a file's name");
    refused(&["--version", "1", "--aot=host"], "the CPU of this machine");
    refused(
        &["--version", "1", "--sign", "no.key"],
        "cannot read the key no.key",
    );
    fs::write(project.path().join("locked.key"), LOCKED).expect("a key");
    refused(
        &["--version", "1", "--sign", "locked.key"],
        "hint: set PYWASM_SIGNING_PASSWORD",
    );
    assert_eq!(names(project.path()), ["app.py", "locked.key"]);
    let nothing = verify(&project.path().join("nothing"), &[]);
    assert_eq!(nothing.status.code(), Some(2));
    differs(&verify(&script, &[]));
    differs(&verify(project.path(), &[]));
}

/// The beginning of a key with a password, which is asked for before the rest is looked at.
const LOCKED: &str = "\
untrusted comment: minisign encrypted secret key
RWRTY0IyAAAA
";
