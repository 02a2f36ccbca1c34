//! The shared cache: what one machine has made, another one does not make again; and a store that
//! is damaged, silent or gone costs a warning and a moment.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{app::App, setup};

const ACCESS: &str = "AKIAOFTHETESTS";
const SECRET: &str = "hush-this-is-the-secret";

/// A machine whose cache has no results of the stages, but for bytecode, which is never shared.
struct Machine {
    home: TempDir,
    out: TempDir,
}

/// What a build said and made.
struct Built {
    wasm: Vec<u8>,
    /// The report's `timings.shared_cache`.
    told: Value,
    stderr: String,
}

impl Machine {
    fn new() -> Self {
        let home = setup::temporary();
        let own = home.path().join("cache");
        fs::create_dir_all(own.join("stages")).expect("a cache");
        for folder in ["machine-code", "stages/bytecode"] {
            let common = setup::home().join("cache").join(folder);
            fs::create_dir_all(&common).expect("a cache");
            symlink(common, own.join(folder)).expect("a link");
        }
        let out = setup::temporary();
        Self { home, out }
    }

    /// `pywasm build` of the hello app, or of another project, on this machine.
    fn command(&self, project: Option<&Path>, options: &[&str]) -> Command {
        let mut command = setup::pywasm(self.out.path());
        let hello = App::named("hello").dir;
        command
            .arg("build")
            .arg(project.unwrap_or(&hello))
            .args(["--format", "json", "--out-dir", "dist", "--base"])
            .arg(setup::base())
            .args(options)
            .env("PYWASM_HOME", self.home.path())
            .env_remove("PYWASM_OFFLINE");
        command
    }

    fn build(&self, command: &mut Command) -> Built {
        let output = setup::succeed(command);
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        Built {
            wasm: setup::bytes(&self.out.path().join("dist/hello.wasm")),
            told: report["timings"]["shared_cache"].clone(),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// A quick build, which shakes and does not optimize.
    fn dev(&self, variables: &[(&str, &str)]) -> Built {
        let mut command = self.command(None, &["--profile", "dev"]);
        self.build(command.envs(variables.iter().copied()))
    }
}

impl Built {
    /// That there is exactly one warning of the cache, with these words.
    fn warns(&self, words: &str) {
        let warnings: Vec<&str> = self
            .stderr
            .lines()
            .filter(|line| line.starts_with("warning"))
            .collect();
        assert!(
            matches!(warnings[..], [warning] if warning.contains(words)),
            "not one warning with `{words}`:\n{}",
            self.stderr
        );
    }

    /// That nothing is said.
    fn is_silent(&self) {
        assert!(!self.stderr.contains("warning"), "{}", self.stderr);
    }
}

/// A server of rclone's on loopback, as long as the value lives.
struct Server {
    child: Child,
    _log: BufReader<std::process::ChildStderr>,
    url: String,
    root: TempDir,
}

impl Server {
    fn start(kind: &str, options: &[&str]) -> Self {
        let root = setup::temporary();
        fs::create_dir(root.path().join("fleet")).expect("a bucket");
        let mut command = setup::bare(setup::rclone(), root.path());
        command
            .args(["serve", kind, "--config", "", "--addr", "127.0.0.1:0"])
            .args(options)
            .arg(root.path())
            .env("HOME", root.path())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("rclone starts");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            assert!(
                log.read_line(&mut line).expect("a line") > 0,
                "rclone has ended: {said}"
            );
            if let Some((_, rest)) = line.split_once(" on [") {
                break rest.trim_end().trim_end_matches("/]").to_owned();
            }
            said += &line;
        };
        Self {
            child,
            _log: log,
            url,
            root,
        }
    }

    fn s3() -> Self {
        Self::start("s3", &["--auth-key", &format!("{ACCESS},{SECRET}")])
    }

    /// The variables with which a build finds the bucket.
    fn bucket(&self) -> [(&str, &str); 4] {
        [
            ("PYWASM_CACHE_URL", "s3://fleet/pywasm"),
            ("AWS_ENDPOINT_URL", &self.url),
            ("AWS_ACCESS_KEY_ID", ACCESS),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ]
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The files below a folder, and what is in them.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = setup::tree(folder)
        .into_iter()
        .filter(|path| folder.join(path).is_file());
    files
        .map(|path| (path.clone(), setup::bytes(&folder.join(path))))
        .collect()
}

fn url_of(folder: &Path) -> String {
    format!("file://{}", folder.display())
}

/// A copy of the hello app with these lines in its configuration.
fn configured(lines: &str) -> TempDir {
    let project = setup::temporary();
    setup::copy(&App::named("hello").dir, project.path());
    let file = project.path().join("pyproject.toml");
    fs::write(&file, format!("{}\n{lines}", setup::text(&file))).expect("a configuration");
    project
}

/// One module to compress instead of two.
const OPTIONS: &[&str] = &["--no-preinit"];

#[test]
fn the_second_machine_neither_shakes_nor_optimizes() {
    let server = Server::s3();
    let on_s3 = || {
        let machine = Machine::new();
        machine.build(machine.command(None, OPTIONS).envs(server.bucket()))
    };
    let first = on_s3();
    first.is_silent();
    assert_eq!(first.told["hits"], json!({}));
    let made = first.told["misses"].clone();
    assert!(
        made["shake"].is_u64() && made["optimize"].is_u64() && made["compress"].is_u64(),
        "{made}"
    );

    let second = on_s3();
    second.is_silent();
    assert_eq!(second.told, json!({ "hits": made, "misses": {} }));
    assert!(
        second.wasm == first.wasm,
        "the shared cache changes what is built"
    );
    assert!(second.stderr.contains("results and took 0"), "{}", second.stderr);

    // The same store seen as a folder, with one entry damaged.
    let folder = server.root.path().join("fleet/pywasm");
    let whole = content(&folder);
    let entry = whole
        .keys()
        .find(|path| path.to_string_lossy().contains("/shake/"));
    let entry = folder.join(entry.expect("what shaking left"));
    let mut bytes = setup::bytes(&entry);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&entry, &bytes).expect("a damaged entry");
    let machine = Machine::new();
    let third = machine.build(
        machine
            .command(None, OPTIONS)
            .env("PYWASM_CACHE_URL", url_of(&folder)),
    );
    third.warns("the entry shake/");
    assert_eq!(third.told["misses"], json!({ "shake": 1 }));
    assert!(third.wasm == first.wasm, "a damaged entry changes what is built");
    assert!(content(&folder) == whole, "a damaged entry stays");
}

#[test]
fn only_who_may_write_writes() {
    let folder = setup::temporary();
    let project = configured(&format!(
        "[tool.pywasm.cache]\nurl = \"{}\"\nread-only = true\n",
        url_of(folder.path())
    ));
    let build = |variables: &[(&str, &str)]| {
        let machine = Machine::new();
        let mut command = machine.command(Some(project.path()), &["--profile", "dev"]);
        // A folder is there without a network, too.
        let built = machine.build(command.env("PYWASM_OFFLINE", "1").envs(variables.iter().copied()));
        built.is_silent();
        built
    };
    let reader = build(&[]);
    assert_eq!(reader.told["hits"], json!({}));
    assert!(setup::list(folder.path()).is_empty(), "something is written");
    let writer = build(&[("PYWASM_CACHE_READ_ONLY", "0")]);
    assert!(
        writer.stderr.contains("gave 0 results and took 1"),
        "{}",
        writer.stderr
    );
    let reader = build(&[]);
    assert_eq!(reader.told, json!({ "hits": { "shake": 1 }, "misses": {} }));
    assert!(
        reader.wasm == writer.wasm,
        "the shared cache changes what is built"
    );
    let alone = build(&[("PYWASM_CACHE_URL", "")]);
    assert_eq!(alone.told, Value::Null);
}

#[test]
fn a_web_server_is_a_store_too() {
    let server = Server::start("webdav", &[]);
    let url = format!("{}/fleet", server.url);
    let first = Machine::new().dev(&[("PYWASM_CACHE_URL", &url)]);
    first.is_silent();
    let second = Machine::new().dev(&[("PYWASM_CACHE_URL", &url)]);
    second.is_silent();
    assert_eq!(second.told, json!({ "hits": { "shake": 1 }, "misses": {} }));
}

#[test]
fn a_silent_server_is_asked_once() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/x", listener.local_addr().expect("an address"));
    let (tell, asked) = mpsc::channel();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.expect("a connection");
            let mut bytes = [0; 4096];
            let count = connection.read(&mut bytes).expect("a question");
            let question = String::from_utf8_lossy(&bytes[..count]).into_owned();
            // Held open, and never answered.
            if tell.send((question, connection)).is_err() {
                break;
            }
        }
    });
    let token = ("PYWASM_CACHE_TOKEN", SECRET);
    let built = Machine::new().dev(&[("PYWASM_CACHE_URL", &url), token]);
    built.warns("does not answer");
    assert!(!built.stderr.contains(SECRET), "{}", built.stderr);
    let questions: Vec<_> = asked.try_iter().collect();
    assert!(
        matches!(&questions[..], [(question, _)] if question.contains(SECRET)),
        "{questions:?}"
    );

    // The token is not for a server that a project names.
    let project = configured(&format!("[tool.pywasm.cache]\nurl = \"{url}\"\n"));
    let machine = Machine::new();
    let mut command = machine.command(Some(project.path()), &["--profile", "dev"]);
    machine.build(command.envs([token])).warns("does not answer");
    let questions: Vec<_> = asked.try_iter().collect();
    assert!(
        matches!(&questions[..], [(question, _)] if !question.contains(SECRET)),
        "{questions:?}"
    );
}

#[test]
fn a_store_that_is_not_there_costs_a_warning() {
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address")
        .port();
    let gone = format!("http://127.0.0.1:{port}/x");
    Machine::new()
        .dev(&[("PYWASM_CACHE_URL", &gone)])
        .warns("cannot be reached");
    let offline = [("PYWASM_CACHE_URL", gone.as_str()), ("PYWASM_OFFLINE", "1")];
    Machine::new().dev(&offline).is_silent();
    let folder = setup::temporary().path().join("not-there");
    Machine::new()
        .dev(&[("PYWASM_CACHE_URL", &url_of(&folder))])
        .warns("the folder does not exist");
}

#[test]
fn credentials_are_not_told() {
    let server = Server::s3();
    let mut variables = server.bucket();
    variables[3].1 = "another-secret";
    let built = Machine::new().dev(&variables);
    built.warns("refuses access");
    let said = format!("{}{}", built.stderr, built.told);
    assert!(
        !said.contains("another-secret") && !said.contains(ACCESS),
        "{said}"
    );

    let project = configured("[tool.pywasm.cache]\nurl = \"https://me:hush@cache.example.com\"\n");
    let machine = Machine::new();
    let output = machine
        .command(Some(project.path()), &[])
        .output()
        .expect("it starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("--> pyproject.toml:") && !stderr.contains("hush"),
        "{stderr}"
    );
}

#[test]
fn another_machine_is_asked_through_tls_only() {
    let machine = Machine::new();
    let mut command = machine.command(None, &[]);
    let output = command
        .env("PYWASM_CACHE_URL", "http://cache.example.com/x")
        .output();
    let output = output.expect("it starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("PYWASM_CACHE_URL") && stderr.contains("https://"),
        "{stderr}"
    );

    let endpoint = [
        ("PYWASM_CACHE_URL", "s3://fleet"),
        ("AWS_ENDPOINT_URL", "http://cache.example.com"),
        ("AWS_ALLOW_HTTP", "true"),
    ];
    machine.dev(&endpoint).warns("plain http");
}
