//! Downloads Debian packages without changing the system, with a private apt configuration in
//! pywasm's own folder. The system's apt sources name the mirror and its keys. The caller checks the
//! digests of the downloaded files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, IoContext as _};
use crate::home::{self, Home};
use pywasm_host::Progress;
use pywasm_host::program::run_checked;

/// A package of a suite.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) suite: String,
}

/// Which file of a package to download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The original archive of the source package.
    Source,
    /// The `.deb`.
    Binary,
}

/// A Debian archive that the system uses.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mirror {
    uri: String,
    signed_by: Option<String>,
}

/// Where Debian's package installs the keys of its archive.
const KEYRING: &str = "usr/share/keyrings/debian-archive-keyring.gpg";

/// A private apt configuration with current package lists.
pub(crate) struct Apt {
    config: PathBuf,
}

impl Apt {
    /// Downloads the package lists of the suites that `packages` come from.
    pub(crate) fn update(
        home: &Home,
        packages: &[&Package],
        progress: &dyn Progress,
    ) -> Result<Self, String> {
        let Some(mirror) = find_mirror(Path::new("/")) else {
            return Err("the apt sources of this system do not name a Debian mirror".into());
        };
        let config = configure(&home.cache().join("apt"), &mirror, packages)
            .map_err(|error| describe_error(&error))?;
        let apt = Self { config };
        progress.step("read the package lists of Debian");
        run_checked(apt.command().arg("update"), progress).map_err(|error| describe_error(&error))?;
        Ok(apt)
    }

    /// Downloads a package's files into `folder`.
    pub(crate) fn download(
        &self,
        package: &Package,
        folder: &Path,
        progress: &dyn Progress,
    ) -> Result<(), String> {
        let Package { kind, name, suite } = package;
        progress.step(&format!("download {name} from Debian {suite}"));
        let mut command = self.command();
        command.current_dir(folder);
        match kind {
            Kind::Source => command.args(["source", "--download-only", "--tar-only", "--only-source"]),
            Kind::Binary => command.arg("download"),
        };
        command.arg(format!("{name}/{suite}"));
        run_checked(&mut command, progress).map_err(|error| describe_error(&error))
    }

    fn command(&self) -> Command {
        let mut command = Command::new("apt-get");
        command
            .env("LC_ALL", "C.UTF-8")
            .arg("-q")
            .arg("-c")
            .arg(&self.config);
        command
    }
}

/// Formats an error and its causes in one line, for the list of attempts.
pub(crate) fn describe_error(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string().replace("\n  ", " ");
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    text
}

/// Writes the private configuration into `dir` and returns its file.
fn configure(dir: &Path, mirror: &Mirror, packages: &[&Package]) -> Result<PathBuf, Error> {
    for folder in ["lists/partial", "cache/archives/partial", "empty"] {
        home::ensure_folder(dir.join(folder))?;
    }
    let mut lines = BTreeSet::new();
    for package in packages {
        let (word, target) = match package.kind {
            Kind::Source => ("deb-src", "Sources"),
            Kind::Binary => ("deb", "Packages"),
        };
        let signed = mirror
            .signed_by
            .as_deref()
            .map(|path| format!(" signed-by={path}"))
            .unwrap_or_default();
        lines.insert(format!(
            "{word} [target={target}{signed}] {} {} main\n",
            mirror.uri, package.suite
        ));
    }
    let list = dir.join("sources.list");
    fs::write(&list, lines.into_iter().collect::<String>()).with_path("write", &list)?;
    let at = |name: &str| dir.join(name).display().to_string();
    // The system's hooks run as root on the system's own folders, so they must not run here.
    let text = format!(
        "#clear APT::Update::Pre-Invoke;\n\
         #clear APT::Update::Post-Invoke;\n\
         #clear APT::Update::Post-Invoke-Success;\n\
         Dir::Etc::sourcelist \"{}\";\n\
         Dir::Etc::sourceparts \"{}\";\n\
         Dir::State::lists \"{}\";\n\
         Dir::Cache \"{}\";\n\
         APT::Sandbox::User \"root\";\n\
         Acquire::Languages \"none\";\n\
         Acquire::Retries \"1\";\n",
        at("sources.list"),
        at("empty"),
        at("lists"),
        at("cache"),
    );
    let config = dir.join("apt.conf");
    fs::write(&config, text).with_path("write", &config)?;
    Ok(config)
}

/// Finds Debian's archive among the system's apt sources below `root`.
fn find_mirror(root: &Path) -> Option<Mirror> {
    let apt = root.join("etc/apt");
    let mut files = vec![apt.join("sources.list")];
    let mut parts: Vec<PathBuf> = fs::read_dir(apt.join("sources.list.d"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    parts.sort();
    files.extend(parts);
    let mut best: Option<(u32, Mirror)> = None;
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let mirrors = match file.extension().and_then(|extension| extension.to_str()) {
            Some("sources") => parse_deb822(&text),
            Some("list") => parse_list(&text),
            _ => continue,
        };
        for mirror in mirrors {
            let rank = rank(&mirror);
            if rank > best.as_ref().map_or(0, |(rank, _)| *rank) {
                best = Some((rank, mirror));
            }
        }
    }
    let (_, mut mirror) = best?;
    // A release's own keys may be older than the requested suites; this file has all keys.
    if root.join(KEYRING).is_file() {
        mirror.signed_by = Some(format!("/{KEYRING}"));
    }
    Some(mirror)
}

/// Ranks how likely this is Debian's archive, since other archives use its suite names too.
fn rank(mirror: &Mirror) -> u32 {
    let uri = mirror.uri.trim_end_matches('/');
    if uri.starts_with("cdrom:") || uri.contains("security") {
        return 0;
    }
    let last = uri.rsplit('/').next().unwrap_or_default();
    let signed = mirror
        .signed_by
        .as_deref()
        .is_some_and(|path| path.contains("debian-archive-keyring"));
    let named = last == "debian" || last == "debian.list";
    u32::from(signed) + 2 * u32::from(named)
}

/// Parses one-line entries: `deb [options] uri suite components`.
fn parse_list(text: &str) -> Vec<Mirror> {
    let mut mirrors = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let Some(rest) = line
            .strip_prefix("deb ")
            .or_else(|| line.strip_prefix("deb-src "))
        else {
            continue;
        };
        let rest = rest.trim_start();
        let (options, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((options, rest)) => (options, rest),
            None => ("", rest),
        };
        let signed_by = options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="));
        if let Some(uri) = rest.split_whitespace().next() {
            mirrors.push(Mirror {
                uri: uri.to_owned(),
                signed_by: signed_by.map(str::to_owned),
            });
        }
    }
    mirrors
}

/// Parses stanzas of `Key: value` lines.
fn parse_deb822(text: &str) -> Vec<Mirror> {
    let mut mirrors = Vec::new();
    let kept = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n");
    for stanza in kept.split("\n\n") {
        let value = |wanted: &str| {
            stanza.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
            })
        };
        if value("Enabled").is_some_and(|value| value.eq_ignore_ascii_case("no")) {
            continue;
        }
        // Only the path of a key can be passed on, not a key inside the file.
        let signed_by = value("Signed-By").filter(|path| path.starts_with('/'));
        for uri in value("URIs").unwrap_or_default().split_whitespace() {
            mirrors.push(Mirror {
                uri: uri.to_owned(),
                signed_by: signed_by.clone(),
            });
        }
    }
    mirrors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(files: &[(&str, &str)]) -> Option<Mirror> {
        let root = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = root.path().join(path);
            home::ensure_folder(path.parent().expect("a parent").to_owned()).expect("a folder");
            fs::write(path, text).expect("written");
        }
        find_mirror(root.path())
    }

    #[test]
    fn deb822() {
        let text = "Types: deb\n# a comment\nURIs: http://mirror.test/debian\nSuites: bookworm\n\
                    Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n\
                    Types: deb\nURIs: http://mirror.test/debian-security\nSuites: bookworm-security\n";
        let found = with(&[
            ("etc/apt/sources.list.d/debian.sources", text),
            (
                "etc/apt/sources.list.d/a.list",
                "deb https://other.test/apt bookworm main\n",
            ),
            (KEYRING, ""),
        ]);
        let found = found.expect("a mirror");
        assert_eq!(found.uri, "http://mirror.test/debian");
        assert_eq!(found.signed_by, Some(format!("/{KEYRING}")));
    }

    #[test]
    fn one_line_entries() {
        let text = "# deb http://off.test/debian x main\n\
                    deb-src [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian/ trixie main # why\n\
                    deb http://mirror.test/debian-security trixie-security main\n";
        let found = with(&[("etc/apt/sources.list", text)]).expect("a mirror");
        assert_eq!(found.uri, "http://mirror.test/debian/");
        assert_eq!(found.signed_by.as_deref(), Some("/k.gpg"));
    }

    #[test]
    fn other_archives_are_none() {
        assert_eq!(with(&[]), None);
        assert_eq!(
            with(&[(
                "etc/apt/sources.list",
                "deb http://other.test/ubuntu noble main\n"
            )]),
            None
        );
        let off = "Enabled: no\nURIs: http://mirror.test/debian\n";
        assert_eq!(with(&[("etc/apt/sources.list.d/debian.sources", off)]), None);
    }

    #[test]
    fn the_configuration_names_each_suite_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let mirror = Mirror {
            uri: "http://mirror.test/debian".into(),
            signed_by: None,
        };
        let package = |kind, name: &str| Package {
            kind,
            name: name.into(),
            suite: "trixie".into(),
        };
        let packages = [
            package(Kind::Source, "a"),
            package(Kind::Source, "b"),
            package(Kind::Binary, "c"),
        ];
        configure(dir.path(), &mirror, &packages.iter().collect::<Vec<_>>()).expect("written");
        let list = fs::read_to_string(dir.path().join("sources.list")).expect("a list");
        assert_eq!(
            list,
            "deb [target=Packages] http://mirror.test/debian trixie main\n\
             deb-src [target=Sources] http://mirror.test/debian trixie main\n"
        );
    }
}
