//! A registry: Debian's `docker-registry` with a configuration and a storage folder of its own, on
//! a port that the system chooses. It ends with the value.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Stdio},
};

use serde_json::Value;

use super::proxy::Tokens;
use crate::setup;

/// The one who may log in.
pub(super) const USER: &str = "ada";
pub(super) const PASSWORD: &str = "lovelace-1815";
/// Both, as Docker's `config.json` and the protocol have them.
pub(super) const BASE64: &str = "YWRhOmxvdmVsYWNlLTE4MTU=";

/// How the registry knows who asks.
pub(super) enum Auth<'a> {
    Password,
    /// It sends them to get a token, and looks at none.
    Token(&'a Tokens),
    /// It sends them to this address.
    Realm(&'a str),
}

pub(super) struct Registry {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Registry {
    pub(super) fn start(auth: Auth) -> Self {
        let folder = setup::temporary();
        let auth = match auth {
            Auth::Password => {
                let line =
                    setup::succeed(setup::bare("htpasswd", folder.path()).args(["-Bbn", USER, PASSWORD]));
                let file = folder.path().join("htpasswd");
                fs::write(&file, line.stdout).expect("written");
                format!("{{htpasswd: {{realm: test, path: '{}'}}}}", file.display())
            }
            Auth::Token(tokens) => bearer(&format!("http://127.0.0.1:{}/token", tokens.port())),
            Auth::Realm(realm) => bearer(realm),
        };
        let storage = folder.path().join("storage");
        let config = format!(
            "version: 0.1\nlog: {{level: info, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: '{}'}}}}\nhttp: {{addr: '127.0.0.1:0'}}\nauth: {auth}\n",
            storage.display()
        );
        let file = folder.path().join("config.yml");
        fs::write(&file, config).expect("written");
        let mut child = setup::bare("docker-registry", folder.path())
            .arg("serve")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("docker-registry does not start ({error}): run `scripts/test.sh engines`")
            });
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let port = lines.by_ref().find_map(|line| {
            let line = line.expect("UTF-8");
            let (_, address) = line.split_once("listening on 127.0.0.1:")?;
            let digits: String = address.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        // What it says later is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            port: port.expect("docker-registry ended before it listened"),
            child,
            folder,
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) fn reference(&self, name: &str) -> String {
        format!("oci://{}/{name}", self.host())
    }

    /// What is stored under a digest.
    pub(super) fn blob(&self, digest: &str) -> Vec<u8> {
        setup::bytes(&self.stored(digest))
    }

    /// The digest of the module that a manifest names.
    pub(super) fn layer(&self, manifest: &str) -> String {
        let manifest: Value = serde_json::from_slice(&self.blob(manifest)).expect("a manifest");
        let digest = manifest["layers"][0]["digest"].as_str().expect("a digest");
        digest["sha256:".len()..].to_owned()
    }

    /// Changes one letter of what is stored, and gives what was there.
    pub(super) fn damage(&self, digest: &str) -> Vec<u8> {
        let whole = self.blob(digest);
        let mut bytes = whole.clone();
        // In JSON and in a module alike, this letter stands in a text.
        let letter = bytes.iter_mut().rfind(|byte| **byte == b'w');
        *letter.expect("a letter") = b'v';
        self.store(digest, &bytes);
        whole
    }

    /// Puts other bytes under a digest.
    pub(super) fn store(&self, digest: &str, bytes: &[u8]) {
        fs::write(self.stored(digest), bytes).expect("written");
    }

    fn stored(&self, digest: &str) -> PathBuf {
        let blobs = "storage/docker/registry/v2/blobs/sha256";
        let folder = self.folder.path().join(blobs).join(&digest[..2]);
        folder.join(digest).join("data")
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The configuration of a registry that sends for a token, and looks at none.
fn bearer(realm: &str) -> String {
    format!("{{silly: {{realm: '{realm}', service: test}}}}")
}
