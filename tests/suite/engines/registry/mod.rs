//! Artifacts in a registry: what is published is pulled and run, and whatever is wrong on the way
//! is told and leaves nothing behind. The registry is Debian's `docker-registry` on loopback.

mod proxy;
mod server;

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use self::{
    proxy::{Proxy, Refusing, Tokens},
    server::{Auth, PASSWORD, Registry, USER},
};
use crate::{app::App, setup};

/// A machine with an empty home, and nobody logged in.
struct Machine {
    temporary: tempfile::TempDir,
}

/// What was seen of one command.
struct Seen {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Machine {
    fn new() -> Self {
        let temporary = setup::temporary();
        fs::create_dir(temporary.path().join("docker")).expect("a folder");
        Self { temporary }
    }

    fn dir(&self) -> &Path {
        self.temporary.path()
    }

    fn anonymous(&self, args: &[&str]) -> Command {
        let mut command = setup::pywasm(self.dir());
        command
            .env_remove("PYWASM_OFFLINE")
            .env("PYWASM_HOME", self.dir().join("home"))
            .env("DOCKER_CONFIG", self.dir().join("docker"))
            // A proxy that is not there: what is said to this machine must not go through it.
            .env("http_proxy", "http://127.0.0.1:1")
            .args(args);
        command
    }

    fn pywasm(&self, args: &[&str]) -> Command {
        let mut command = self.anonymous(args);
        command
            .env("PYWASM_REGISTRY_USER", USER)
            .env("PYWASM_REGISTRY_PASSWORD", PASSWORD);
        command
    }

    fn docker_config(&self, config: &Value) {
        let file = self.dir().join("docker/config.json");
        fs::write(file, config.to_string()).expect("written");
    }

    /// A module that prints `text`, with `ballast` bytes that no one reads.
    fn module(&self, text: &str, ballast: usize) -> String {
        let wat = format!(
            r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 100)
  (data (i32.const 0) "\10\00\00\00{length}\00\00\00{text}\0a")
  (data (i32.const 4096) "{ballast}")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#,
            length = format_args!("\\{:02x}", text.len() + 1),
            text = format_args!("\\00\\00\\00\\00\\00\\00\\00\\00{text}"),
            ballast = "x".repeat(ballast),
        );
        let file = self.dir().join(format!("{text}.wasm"));
        fs::write(&file, wat::parse_str(wat).expect("a module")).expect("written");
        file.to_str().expect("UTF-8").to_owned()
    }

    /// The files below the cache for registries.
    fn cached(&self) -> Vec<String> {
        let folder = self.dir().join("home/cache/registry");
        if !folder.is_dir() {
            return Vec::new();
        }
        setup::tree(&folder)
            .into_iter()
            .filter(|path| folder.join(path).is_file())
            .map(|path| path.display().to_string())
            .collect()
    }
}

fn see(command: &mut Command) -> Seen {
    let output = command.output().expect("pywasm starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let seen = Seen {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    for secret in [PASSWORD, "wrong-password"] {
        assert!(!seen.stderr.contains(secret) && !seen.stdout.contains(secret));
    }
    seen
}

fn succeed(command: &mut Command) -> Seen {
    let seen = see(command);
    assert_eq!(seen.code, Some(0), "{command:?}\n{}", seen.stderr);
    seen
}

/// A command that fails, with these words on standard error.
fn fail(command: &mut Command, words: &[&str]) -> Seen {
    let seen = see(command);
    assert_eq!(seen.code, Some(1), "{command:?}\n{}", seen.stderr);
    for word in words {
        assert!(seen.stderr.contains(word), "no {word:?} in\n{}", seen.stderr);
    }
    seen
}

fn digest_of(reference: &str) -> &str {
    reference.trim_end().rsplit_once("@sha256:").expect("a digest").1
}

/// A component's configuration names what it imports and exports.
#[test]
fn a_component_is_published_as_one() {
    let (registry, machine) = (Registry::start(Auth::Password), Machine::new());
    let tag = registry.reference("ada/greeter:1.0");
    let wasm = wat::parse_file(setup::root().join("testdata/bench/greeter.wat")).expect("a component");
    fs::write(machine.dir().join("greeter.wasm"), &wasm).expect("written");
    let published = succeed(&mut machine.pywasm(&["publish", &tag, "greeter.wasm"]));
    let by_digest = published.stdout.trim_end();
    let manifest: Value = serde_json::from_slice(&registry.blob(digest_of(by_digest))).expect("a manifest");
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    let config = manifest["config"]["digest"].as_str().expect("a digest");
    let config: Value =
        serde_json::from_slice(&registry.blob(&config["sha256:".len()..])).expect("a configuration");
    assert_eq!(config["os"], "wasip2");
    let component = serde_json::json!({"exports": ["docs:greeter/greet@0.1.0"], "imports": []});
    assert_eq!(config["component"], component);
    succeed(&mut machine.pywasm(&["run", &tag, "--invoke", "greet()"]));
    succeed(&mut machine.pywasm(&["pull", by_digest, "-o", "mine.wasm"]));
    assert!(setup::bytes(&machine.dir().join("mine.wasm")) == wasm);
}

#[test]
fn what_is_published_is_what_runs() {
    let (registry, machine) = (Registry::start(Auth::Password), Machine::new());
    let tag = registry.reference("ada/hello:1.0");
    let dist = App::named("hello").dist();
    let project = machine.dir().join("project");
    setup::copy(&App::named("hello").dir, &project);
    setup::copy(dist.dir(), &project.join("dist"));

    // The project's own artifact is the one that is meant; the same bytes have the same digest.
    let published = succeed(machine.pywasm(&["publish", &tag]).current_dir(&project));
    let by_digest = published.stdout.trim_end().to_owned();
    assert!(
        by_digest.starts_with(&registry.reference("ada/hello@sha256:")),
        "{by_digest}"
    );
    let wasm = dist.wasm();
    let again = ["publish", "--format", "json", &tag, wasm.to_str().expect("UTF-8")];
    let again = succeed(&mut machine.pywasm(&again));
    assert!(again.stderr.contains("there already"), "{}", again.stderr);
    let told: Value = serde_json::from_str(&again.stdout).expect("JSON");
    assert_eq!(told["reference"], by_digest.as_str());
    assert_eq!(told["bytes"], setup::bytes(&wasm).len());

    // The layout that other tools read.
    let manifest: Value = serde_json::from_slice(&registry.blob(digest_of(&by_digest))).expect("a manifest");
    assert_eq!(
        manifest["mediaType"],
        "application/vnd.oci.image.manifest.v1+json"
    );
    assert_eq!(
        manifest["config"]["mediaType"],
        "application/vnd.wasm.config.v0+json"
    );
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    assert_eq!(
        manifest["annotations"]["org.opencontainers.image.title"],
        "hello.wasm"
    );
    assert_eq!(
        manifest["layers"][0]["annotations"]["org.opencontainers.image.title"],
        "hello.wasm"
    );
    let base = manifest["annotations"]["pywasm.base"].as_str().expect("the base");
    assert!(base.starts_with("cpython-3.13"), "{base}");
    let config = manifest["config"]["digest"].as_str().expect("a digest");
    let config: Value =
        serde_json::from_slice(&registry.blob(&config["sha256:".len()..])).expect("a configuration");
    assert_eq!(
        (&config["architecture"], &config["os"]),
        (&"wasm".into(), &"wasip1".into())
    );
    assert_eq!(config["layerDigests"][0], manifest["layers"][0]["digest"]);

    // What runs is what runs here, and which one it is stands on standard error.
    let local = succeed(machine.pywasm(&["run"]).arg(&wasm).args(["--", "Ada"]));
    let by_tag = succeed(&mut machine.pywasm(&["run", &tag, "--", "Ada"]));
    assert_eq!(by_tag.stdout, local.stdout);
    assert!(
        by_tag.stderr.contains(&format!("runs {by_digest}")),
        "{}",
        by_tag.stderr
    );
    let quiet = succeed(&mut machine.pywasm(&["run", "--quiet", &by_digest, "--", "Ada"]));
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (local.stdout.clone(), ""));

    let pulled = succeed(&mut machine.pywasm(&["pull", &tag, "-o", "mine.wasm"]));
    assert_eq!(pulled.stdout, format!("{by_digest}\n"));
    assert!(setup::bytes(&machine.dir().join("mine.wasm")) == setup::bytes(&wasm));

    // Without the registry: by digest always, by tag when told to be offline.
    drop(registry);
    let alone = succeed(&mut machine.anonymous(&["run", &by_digest, "--", "Ada"]));
    assert_eq!(alone.stdout, local.stdout);
    let offline = succeed(&mut machine.anonymous(&["run", "--offline", &tag, "--", "Ada"]));
    assert_eq!(offline.stdout, local.stdout);
    assert!(
        offline.stderr.contains("when it was last pulled"),
        "{}",
        offline.stderr
    );
    fail(
        &mut machine.anonymous(&["run", &tag]),
        &["no connection", "whether the registry is running"],
    );
}

#[test]
fn a_login_is_found_where_docker_keeps_it() {
    let (registry, machine) = (Registry::start(Auth::Password), Machine::new());
    let tag = registry.reference("hello:1.0");
    let module = machine.module("hi", 0);
    let publish = ["publish", &tag, &module];

    fail(
        &mut machine.anonymous(&publish),
        &["requires a login", "docker login"],
    );
    fail(
        machine
            .pywasm(&publish)
            .env("PYWASM_REGISTRY_PASSWORD", "wrong-password"),
        &["rejects the login from PYWASM_REGISTRY_USER", &registry.host()],
    );
    fail(
        machine.anonymous(&publish).env("PYWASM_REGISTRY_USER", USER),
        &["PYWASM_REGISTRY_PASSWORD is not set"],
    );

    let config = serde_json::json!({ "auths": { registry.host(): { "auth": server::BASE64 } } });
    machine.docker_config(&config);
    succeed(&mut machine.anonymous(&publish));
    let config = serde_json::json!({ "auths": { registry.host(): { "auth": PASSWORD } } });
    machine.docker_config(&config);
    fail(&mut machine.anonymous(&publish), &["config.json", "Base64"]);
    let file = machine.dir().join("docker/config.json");
    fs::write(file, format!("{{\"auths\": \"{PASSWORD}\"}}")).expect("written");
    fail(&mut machine.anonymous(&publish), &["config.json", "line 1"]);

    // A program that keeps logins: Docker's protocol, a host in and JSON out.
    machine.docker_config(&serde_json::json!({ "credsStore": "shelf" }));
    fail(
        &mut machine.anonymous(&publish),
        &["docker-credential-shelf", "not on the PATH"],
    );
    let helper = machine.dir().join("docker-credential-shelf");
    let script = format!(
        "#!/bin/sh\nread host\n[ \"$1 $host\" = \"get {}\" ] || exit 1\necho '{{\"Username\": \"{USER}\", \"Secret\": \"{PASSWORD}\"}}'\n",
        registry.host()
    );
    fs::write(&helper, script).expect("written");
    setup::succeed(setup::bare("chmod", machine.dir()).arg("+x").arg(&helper));
    let path = std::env::var("PATH").expect("a PATH");
    let path = format!("{}:{path}", machine.dir().display());
    let run = succeed(machine.anonymous(&["run", &tag]).env("PATH", path));
    assert_eq!(run.stdout, "hi\n");
}

#[test]
fn a_token_is_fetched_where_the_registry_says() {
    let tokens = Tokens::start("a.token");
    let (registry, machine) = (Registry::start(Auth::Token(&tokens)), Machine::new());
    let tag = registry.reference("hello:1.0");
    let module = machine.module("hi", 0);

    succeed(&mut machine.pywasm(&["publish", &tag, &module]));
    let run = succeed(&mut machine.pywasm(&["run", &tag]));
    assert_eq!(run.stdout, "hi\n");
    fail(&mut machine.anonymous(&["run", &tag]), &["requires a login"]);

    // A place that is not on this machine, and has no TLS; 0.0.0.0 would lead here.
    let elsewhere = Refusing::start();
    let realm = format!("http://0.0.0.0:{}", elsewhere.port());
    let registry = Registry::start(Auth::Realm(&realm));
    let tag = registry.reference("hello:1.0");
    fail(
        &mut machine.pywasm(&["publish", &tag, &module]),
        &[&realm, "sends no login without TLS"],
    );
    assert_eq!(elsewhere.first_bytes(), b"");

    // A token that would break a header.
    let tokens = Tokens::start("a\\ntoken");
    let registry = Registry::start(Auth::Token(&tokens));
    let tag = registry.reference("hello:1.0");
    fail(
        &mut machine.pywasm(&["publish", &tag, &module]),
        &["a malformed token"],
    );
}

#[test]
fn a_cut_connection_leaves_nothing() {
    let (registry, machine) = (Registry::start(Auth::Password), Machine::new());
    let module = machine.module("hi", 1_000_000);
    let published = succeed(&mut machine.pywasm(&["publish", &registry.reference("hello:1.0"), &module]));
    let digest = digest_of(&published.stdout);

    let proxy = Proxy::start(registry.port(), 300_000);
    let through = proxy.reference("hello:1.0");
    fail(
        &mut machine.pywasm(&["run", &through]),
        &["was lost after", "of 100", &proxy.host(), &through, "try again"],
    );
    let module_digest = registry.layer(digest);
    let cached = machine.cached();
    assert!(
        !cached
            .iter()
            .any(|file| file.contains("tmp") || file.contains(&module_digest)),
        "{cached:?}"
    );

    // The next attempt, on a connection that holds, is as if nothing had been.
    let run = succeed(&mut machine.pywasm(&["run", &registry.reference("hello:1.0")]));
    assert_eq!(run.stdout, "hi\n");
    assert!(machine.cached().contains(&format!("sha256/{module_digest}")));

    // Cut while it is pushed: no tag names it.
    let other = machine.module("ho", 2_000_000);
    let proxy = Proxy::start_up(registry.port(), 300_000);
    let through = proxy.reference("cut:1.0");
    fail(&mut machine.pywasm(&["publish", &through, &other]), &["was lost"]);
    fail(
        &mut machine.pywasm(&["run", &registry.reference("cut:1.0")]),
        &["has no such tag"],
    );
}

#[test]
fn what_has_another_digest_is_not_used() {
    let (registry, machine) = (Registry::start(Auth::Password), Machine::new());
    let tag = registry.reference("hello:1.0");
    let module = machine.module("hi", 0);
    let published = succeed(&mut machine.pywasm(&["publish", &tag, &module]));
    let by_digest = published.stdout.trim_end().to_owned();
    let (manifest, layer) = (
        digest_of(&by_digest).to_owned(),
        registry.layer(digest_of(&by_digest)),
    );

    let whole = registry.damage(&layer);
    for reference in [&tag, &by_digest] {
        fail(
            &mut machine.pywasm(&["run", reference]),
            &[
                &format!("does not have the digest sha256:{layer}"),
                &registry.host(),
                reference,
            ],
        );
    }
    registry.store(&layer, &whole);
    assert_eq!(succeed(&mut machine.pywasm(&["run", &tag])).stdout, "hi\n");

    // The same in the cache: the file is as good as none.
    let kept = machine.dir().join("home/cache/registry/sha256").join(&layer);
    let mut bytes = setup::bytes(&kept);
    *bytes.last_mut().expect("a byte") ^= 1;
    fs::write(&kept, bytes).expect("written");
    fail(
        &mut machine.pywasm(&["run", "--offline", &by_digest]),
        &["--offline", "damaged"],
    );
    assert_eq!(succeed(&mut machine.pywasm(&["run", &by_digest])).stdout, "hi\n");
    assert_eq!(
        succeed(&mut machine.pywasm(&["run", "--offline", &by_digest])).stdout,
        "hi\n"
    );

    registry.damage(&manifest);
    let stranger = Machine::new();
    fail(
        &mut stranger.pywasm(&["run", &by_digest]),
        &["manifest", &format!("does not have the digest sha256:{manifest}")],
    );
    assert_eq!(stranger.cached(), Vec::<String>::new());
    let nothing = registry.reference(&format!("hello@sha256:{}", "0".repeat(64)));
    fail(
        &mut stranger.pywasm(&["run", &nothing]),
        &["has no such manifest"],
    );
}

#[test]
fn tls_is_spoken_with_all_but_this_machine() {
    // 0.0.0.0 leads here, and is none of the names of this machine.
    let (server, machine) = (Refusing::start(), Machine::new());
    let reference = format!("oci://0.0.0.0:{}/hello:1.0", server.port());
    let mut command = machine.pywasm(&["run", &reference]);
    fail(
        command.env_remove("http_proxy"),
        &["over TLS", "always uses TLS", &reference],
    );
    let first = server.first_bytes();
    assert_eq!(
        first.first(),
        Some(&0x16),
        "a TLS handshake, and nothing in the clear: {first:?}"
    );
}
