//! Finds the login for a registry in the environment, or where `docker login` keeps it. Nothing of
//! it is ever printed, except the place where it was found.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::Engine as _;
use oci_client::secrets::RegistryAuth;
use serde::Deserialize;

use crate::Error;

const USER: &str = "PYWASM_REGISTRY_USER";
const PASSWORD: &str = "PYWASM_REGISTRY_PASSWORD";

/// The key of Docker Hub in Docker's files, which is not one of its hosts.
const HUB_KEY: &str = "https://index.docker.io/v1/";
const HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// A login, and where it was found.
pub(crate) struct Login {
    pub(crate) auth: RegistryAuth,
    /// Where it was found; `None` for an anonymous one.
    pub(crate) source: Option<String>,
    /// A program that may know a login, but is not installed.
    pub(crate) missing: Option<String>,
}

/// The part of Docker's `config.json` that is about logins.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DockerConfig {
    auths: BTreeMap<String, Entry>,
    #[serde(rename = "credHelpers")]
    helpers: BTreeMap<String, String>,
    #[serde(rename = "credsStore")]
    store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

/// The answer of a credential helper.
#[derive(Deserialize)]
struct HelperResponse {
    #[serde(rename = "Username")]
    user: String,
    #[serde(rename = "Secret")]
    secret: String,
}

/// Finds the login for a registry; anonymous if there is none.
pub(crate) fn find(host: &str) -> Result<Login, Error> {
    let given = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match (given(USER), given(PASSWORD)) {
        (Some(user), Some(password)) => return basic(host, USER, user, password),
        (None, None) => {}
        (user, _) => {
            let (there, not) = if user.is_some() {
                (USER, PASSWORD)
            } else {
                (PASSWORD, USER)
            };
            return Err(fault(host, there, format!("{not} is not set")));
        }
    }
    let Some(path) = docker_config() else {
        return Ok(anonymous(None));
    };
    let place = path.display().to_string();
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(anonymous(None)),
        Err(error) => return Err(fault(host, &place, error.to_string())),
    };
    // A message of serde may quote the value.
    let config: DockerConfig = serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        fault(
            host,
            &place,
            format!("line {line}, column {column} does not have the format of Docker"),
        )
    })?;
    config.login(host, &place)
}

/// `config.json` in `DOCKER_CONFIG`, else in `~/.docker`.
fn docker_config() -> Option<PathBuf> {
    let folder = match env::var_os("DOCKER_CONFIG").filter(|value| !value.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => env::home_dir()?.join(".docker"),
    };
    Some(folder.join("config.json"))
}

impl DockerConfig {
    fn login(&self, host: &str, place: &str) -> Result<Login, Error> {
        let helper = find_host(&self.helpers, host).or(self.store.as_ref());
        let mut missing = None;
        if let Some(helper) = helper.filter(|name| !name.is_empty()) {
            match ask(helper, host, place)? {
                CredentialAnswer::Found(login) => return Ok(login),
                CredentialAnswer::Nothing => {}
                CredentialAnswer::NotThere(program) => missing = Some(program),
            }
        }
        match find_host(&self.auths, host) {
            Some(entry) => entry.login(host, place, missing),
            None => Ok(anonymous(missing)),
        }
    }
}

impl Entry {
    fn login(&self, host: &str, place: &str, missing: Option<String>) -> Result<Login, Error> {
        let filled = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        if let Some(token) = filled(&self.registrytoken) {
            return bearer(host, place, token);
        }
        if filled(&self.identitytoken).is_some() {
            return Err(no_identity_tokens(host, place));
        }
        if let Some(auth) = filled(&self.auth) {
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(auth)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let Some((user, password)) = decoded.as_deref().and_then(|text| text.split_once(':')) else {
                return Err(fault(
                    host,
                    place,
                    "`auth` is not a user and a password in Base64".to_owned(),
                ));
            };
            // Docker pads some of them.
            return basic(
                host,
                place,
                user.to_owned(),
                password.trim_end_matches('\0').to_owned(),
            );
        }
        match (filled(&self.username), filled(&self.password)) {
            (Some(user), Some(password)) => basic(host, place, user, password),
            _ => Ok(anonymous(missing)),
        }
    }
}

/// Whether a configuration holds a login for a host, for the fuzz targets: no helper is asked.
pub(crate) fn has_login(text: &[u8], host: &str) -> bool {
    let config: Option<DockerConfig> = serde_json::from_slice(text).ok();
    let entry = config.as_ref().and_then(|config| find_host(&config.auths, host));
    entry.is_some_and(|entry| entry.login(host, "config.json", None).is_ok())
}

/// The value for a host, whose key may have a scheme and a path.
fn find_host<'a, T>(map: &'a BTreeMap<String, T>, host: &str) -> Option<&'a T> {
    let same = |key: &str| {
        let key = key.trim_start_matches("https://").trim_start_matches("http://");
        let key = key.split('/').next().unwrap_or(key);
        key == host || (HUB.contains(&key) && HUB.contains(&host))
    };
    map.get(host)
        .or_else(|| map.iter().find(|(key, _)| same(key)).map(|(_, value)| value))
}

enum CredentialAnswer {
    Found(Login),
    Nothing,
    NotThere(String),
}

/// Asks Docker's program `docker-credential-NAME` for a login.
fn ask(name: &str, host: &str, place: &str) -> Result<CredentialAnswer, Error> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !name.bytes().all(letter) {
        return Err(fault(
            host,
            place,
            "the name of its credential helper is malformed".to_owned(),
        ));
    }
    let program = format!("docker-credential-{name}");
    let failed = |reason: String| fault(host, &program, reason);
    let spawned = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(CredentialAnswer::NotThere(program));
        }
        Err(error) => return Err(failed(error.to_string())),
    };
    let server = if HUB.contains(&host) { HUB_KEY } else { host };
    if let Some(mut input) = child.stdin.take() {
        // A program that does not read its input is judged by its answer.
        let _unread = writeln!(input, "{server}");
    }
    let output = child
        .wait_with_output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        let nothing = String::from_utf8_lossy(&output.stdout).contains("credentials not found");
        return if nothing {
            Ok(CredentialAnswer::Nothing)
        } else {
            Err(failed(format!("it ended with {}", output.status)))
        };
    }
    let answer: HelperResponse = serde_json::from_slice(&output.stdout)
        .map_err(|_| failed("its answer is not a user and a secret in JSON".to_owned()))?;
    if answer.user == "<token>" {
        return Err(no_identity_tokens(host, &program));
    }
    basic(host, &program, answer.user, answer.secret).map(CredentialAnswer::Found)
}

fn basic(host: &str, place: &str, user: String, password: String) -> Result<Login, Error> {
    if user.contains(':') {
        return Err(fault(
            host,
            place,
            "a user name with a colon cannot be sent".to_owned(),
        ));
    }
    Ok(Login {
        auth: RegistryAuth::Basic(user, password),
        source: Some(place.to_owned()),
        missing: None,
    })
}

fn bearer(host: &str, place: &str, token: String) -> Result<Login, Error> {
    if !is_token(&token) {
        return Err(fault(
            host,
            place,
            "its token cannot be sent in a header".to_owned(),
        ));
    }
    Ok(Login {
        auth: RegistryAuth::Bearer(token),
        source: Some(place.to_owned()),
        missing: None,
    })
}

/// Whether a text can stand in a header.
pub(crate) fn is_token(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn anonymous(missing: Option<String>) -> Login {
    Login {
        auth: RegistryAuth::Anonymous,
        source: None,
        missing,
    }
}

fn no_identity_tokens(host: &str, place: &str) -> Error {
    fault(
        host,
        place,
        "the login is an identity token, but pywasm needs a user and a password or access token".to_owned(),
    )
}

fn fault(host: &str, place: impl AsRef<Path>, fault: String) -> Error {
    Error::Login {
        host: host.to_owned(),
        place: place.as_ref().display().to_string(),
        fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(config: &str, host: &str) -> Result<Login, Error> {
        let config: DockerConfig = serde_json::from_str(config).expect("a config");
        config.login(host, "config.json")
    }

    #[test]
    fn finds_a_host_as_docker_writes_it() {
        // ada:lovelace
        let entry = r#"{"auth": "YWRhOmxvdmVsYWNl"}"#;
        for (key, host) in [
            ("r.example", "r.example"),
            ("https://r.example", "r.example"),
            ("http://r.example:5000/v2/", "r.example:5000"),
            ("https://index.docker.io/v1/", "docker.io"),
        ] {
            let found = login(&format!(r#"{{"auths": {{"{key}": {entry}}}}}"#), host).expect("a login");
            let expected = RegistryAuth::Basic("ada".to_owned(), "lovelace".to_owned());
            assert!(found.auth == expected, "{key}");
        }
        let other = login(
            &format!(r#"{{"auths": {{"r.example": {entry}}}}}"#),
            "r.example:5000",
        );
        assert!(other.expect("a login").auth == RegistryAuth::Anonymous);
    }

    #[test]
    fn says_what_is_wrong_and_nothing_secret() {
        for entry in [
            r#"{"auth": "lovelace!"}"#,
            r#"{"auth": "bG92ZWxhY2U="}"#,
            r#"{"identitytoken": "lovelace"}"#,
            r#"{"registrytoken": "love\nlace"}"#,
        ] {
            let error = login(&format!(r#"{{"auths": {{"r.example": {entry}}}}}"#), "r.example");
            let text = error.err().expect("refused").to_string();
            assert!(!text.contains("lace") && text.contains("config.json"), "{text}");
        }
    }

    #[test]
    fn a_helper_that_is_not_there_is_told() {
        let config = r#"{"credsStore": "pywasm-has-none"}"#;
        let found = login(config, "r.example").expect("anonymous");
        assert_eq!(
            found.missing.as_deref(),
            Some("docker-credential-pywasm-has-none")
        );
        assert!(login(r#"{"credsStore": "../evil"}"#, "r.example").is_err());
    }
}
