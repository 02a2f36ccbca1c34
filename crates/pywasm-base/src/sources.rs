//! Obtains pinned files, each with its pinned digest. One error names all files that are missing and
//! what was tried.
//!
//! The order is: the user's files, earlier downloads, upstream, pip, Debian.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt::{Apt, Kind, Package, describe_error};
use crate::error::{Error, IoContext as _};
use crate::fetch::fetch;
use crate::home::{self, Home};
use crate::recipe::Archive;
use pywasm_digest::Digest;
use pywasm_host::program::run_checked;
use pywasm_host::{Progress, WorkFolder};

/// A file that is known by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PinnedFile {
    pub(crate) file: String,
    pub(crate) sha256: Digest,
    pub(crate) url: Option<String>,
    pub(crate) wheel: Option<String>,
    pub(crate) package: Option<Package>,
}

impl From<&Archive> for PinnedFile {
    fn from(archive: &Archive) -> Self {
        let package = archive.debian.clone().zip(archive.suite.clone());
        Self {
            file: archive.file.clone(),
            sha256: archive.sha256,
            url: archive.url.clone(),
            wheel: archive.wheel.clone(),
            package: package.map(|(name, suite)| Package {
                kind: Kind::Source,
                name,
                suite,
            }),
        }
    }
}

/// Where files may come from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SourceOptions<'a> {
    /// The user's folder or file.
    pub(crate) given: Option<&'a Path>,
    /// Whether downloads are forbidden.
    pub(crate) offline: bool,
}

/// Obtains all of `wanted`, and returns the paths in the same order.
pub(crate) fn obtain(
    home: &Home,
    wanted: &[PinnedFile],
    places: SourceOptions<'_>,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>, Error> {
    let downloads = home::ensure_folder(home.downloads())?;
    let mut items: Vec<Item<'_>> = wanted
        .iter()
        .map(|wanted| Item {
            wanted,
            path: None,
            attempts: Vec::new(),
        })
        .collect();

    for item in &mut items {
        if let Some(given) = places.given {
            item.path = find_given(given, item.wanted)?;
        }
        let earlier = downloads.join(&item.wanted.file);
        if item.path.is_none()
            && earlier.is_file()
            && crate::digest::hash_file(&earlier)? == item.wanted.sha256
        {
            item.path = Some(earlier);
        }
    }
    if places.offline {
        return finish(items, |missing| Error::Offline {
            missing: missing.iter().map(|item| item.describe()).collect(),
        });
    }
    for item in items.iter_mut().filter(|item| item.path.is_none()) {
        from_upstream(item, &downloads, progress)?;
        from_pip(item, &downloads, progress)?;
    }
    from_debian(home, &mut items, &downloads, progress)?;
    finish(items, |missing| Error::Sources {
        missing: missing.iter().map(|item| item.describe()).collect(),
    })
}

/// A file that is being obtained.
struct Item<'a> {
    wanted: &'a PinnedFile,
    path: Option<PathBuf>,
    /// The failed attempts, and why they failed.
    attempts: Vec<String>,
}

impl Item<'_> {
    fn describe(&self) -> String {
        let PinnedFile { file, sha256, .. } = self.wanted;
        let attempts: String = self
            .attempts
            .iter()
            .map(|attempt| format!("\n    {attempt}"))
            .collect();
        format!("{file} (SHA-256 {sha256}){attempts}")
    }
}

fn finish(items: Vec<Item<'_>>, error: impl FnOnce(Vec<&Item<'_>>) -> Error) -> Result<Vec<PathBuf>, Error> {
    let missing: Vec<&Item<'_>> = items.iter().filter(|item| item.path.is_none()).collect();
    if missing.is_empty() {
        Ok(items.into_iter().filter_map(|item| item.path).collect())
    } else {
        Err(error(missing))
    }
}

/// Looks in the user's folder for the pinned name and upstream's name. A file with the right name
/// and the wrong bytes is an error, since the user meant that file.
fn find_given(given: &Path, wanted: &PinnedFile) -> Result<Option<PathBuf>, Error> {
    if given.is_file() {
        return Ok((crate::digest::hash_file(given)? == wanted.sha256).then(|| given.to_owned()));
    }
    fs::read_dir(given).with_path("read", given)?;
    let upstream = wanted.url.as_deref().and_then(|url| url.rsplit('/').next());
    for name in [Some(wanted.file.as_str()), upstream].into_iter().flatten() {
        let path = given.join(name);
        if path.is_file() {
            let found = crate::digest::hash_file(&path)?;
            if found != wanted.sha256 {
                let name = path.display().to_string();
                return Err(Error::WrongHash {
                    name,
                    expected: wanted.sha256,
                    found,
                });
            }
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn from_upstream(item: &mut Item<'_>, downloads: &Path, progress: &dyn Progress) -> Result<(), Error> {
    let Some(url) = &item.wanted.url else {
        return Ok(());
    };
    let target = downloads.join(&item.wanted.file);
    match fetch(url, item.wanted.sha256, &target, progress) {
        Ok(()) => item.path = Some(target),
        Err(error @ (Error::Download { .. } | Error::WrongHash { .. })) => {
            progress.note(&error.to_string());
            item.attempts.push(error.to_string());
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn from_pip(item: &mut Item<'_>, downloads: &Path, progress: &dyn Progress) -> Result<(), Error> {
    let (None, Some(wheel)) = (&item.path, &item.wanted.wheel) else {
        return Ok(());
    };
    progress.step(&format!("download {wheel} with pip"));
    let folder = WorkFolder::create_in(downloads).with_path("create a folder in", downloads)?;
    let mut command = Command::new("python3");
    command
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary=:all:", "--dest"])
        .arg(folder.path())
        .arg(wheel);
    let result = run_checked(&mut command, progress);
    progress.check()?;
    take_by_digest(item, folder.path(), downloads, || {
        let reason = result.err().map(|error| describe_error(&error));
        let reason = reason.unwrap_or_else(|| "the index has other bytes of this version".into());
        format!("pip, {wheel}: {reason}")
    })
}

/// Takes the file with the right digest out of a folder, or notes why it is not there. The name of the file
/// does not matter.
fn take_by_digest(
    item: &mut Item<'_>,
    folder: &Path,
    downloads: &Path,
    reason: impl FnOnce() -> String,
) -> Result<(), Error> {
    match find_by_digest(folder, item.wanted.sha256)? {
        Some(path) => {
            let target = downloads.join(&item.wanted.file);
            fs::rename(&path, &target).with_path("write", &target)?;
            item.path = Some(target);
        }
        None => item.attempts.push(reason()),
    }
    Ok(())
}

fn from_debian(
    home: &Home,
    items: &mut [Item<'_>],
    downloads: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let packages: Vec<&Package> = items
        .iter()
        .filter(|item| item.path.is_none())
        .filter_map(|item| item.wanted.package.as_ref())
        .collect();
    if packages.is_empty() {
        return Ok(());
    }
    let apt = Apt::update(home, &packages, progress);
    progress.check()?;
    for item in items.iter_mut().filter(|item| item.path.is_none()) {
        let Some(package) = &item.wanted.package else {
            continue;
        };
        let folder = WorkFolder::create_in(downloads).with_path("create a folder in", downloads)?;
        let result = match &apt {
            Ok(apt) => apt.download(package, folder.path(), progress),
            Err(reason) => Err(reason.clone()),
        };
        progress.check()?;
        // apt checks signatures, and we check the pinned digest.
        take_by_digest(item, folder.path(), downloads, || {
            let reason = result
                .err()
                .unwrap_or_else(|| "the suite now has another version".into());
            format!("Debian {}, package {}: {reason}", package.suite, package.name)
        })?;
    }
    Ok(())
}

/// Finds the file in `folder` that has the digest.
fn find_by_digest(folder: &Path, sha256: Digest) -> Result<Option<PathBuf>, Error> {
    for entry in fs::read_dir(folder).with_path("list", folder)? {
        let path = entry.with_path("list", folder)?.path();
        if path.is_file() && crate::digest::hash_file(&path)? == sha256 {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pywasm_host::Quiet;

    fn wanted(file: &str, content: &str) -> PinnedFile {
        PinnedFile {
            file: file.into(),
            sha256: Digest::compute(content.as_bytes()),
            url: None,
            wheel: None,
            package: None,
        }
    }

    fn home() -> (tempfile::TempDir, Home) {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::new(dir.path()).expect("a home");
        (dir, home)
    }

    #[test]
    fn given_files_come_before_downloads() {
        let (dir, home) = home();
        let given = dir.path().join("given");
        fs::create_dir_all(&given).expect("a folder");
        fs::create_dir_all(home.downloads()).expect("a folder");
        fs::write(given.join("upstream.tar"), "a").expect("written");
        fs::write(home.downloads().join("a.tar"), "a").expect("written");
        fs::write(home.downloads().join("b.tar"), "b").expect("written");
        let mut a = wanted("a.tar", "a");
        a.url = Some("https://x.test/upstream.tar".into());
        let places = SourceOptions {
            given: Some(&given),
            offline: true,
        };
        let found = obtain(&home, &[a, wanted("b.tar", "b")], places, &Quiet).expect("found");
        assert_eq!(
            found,
            [given.join("upstream.tar"), home.downloads().join("b.tar")]
        );
    }

    #[test]
    fn a_given_file_with_wrong_bytes_is_an_error() {
        let (dir, home) = home();
        fs::write(dir.path().join("a.tar"), "other").expect("written");
        let places = SourceOptions {
            given: Some(dir.path()),
            offline: true,
        };
        let error = obtain(&home, &[wanted("a.tar", "a")], places, &Quiet).expect_err("refused");
        assert!(matches!(error, Error::WrongHash { .. }), "{error}");
    }

    #[test]
    fn a_single_given_file_is_found_by_its_digest() {
        let (dir, home) = home();
        let file = dir.path().join("any name");
        fs::write(&file, "b").expect("written");
        let places = SourceOptions {
            given: Some(&file),
            offline: true,
        };
        let error = obtain(
            &home,
            &[wanted("a.tar", "a"), wanted("b.tar", "b")],
            places,
            &Quiet,
        )
        .expect_err("a");
        let Error::Offline { missing } = &error else {
            panic!("{error}")
        };
        assert_eq!(missing, &[format!("a.tar (SHA-256 {})", Digest::compute(b"a"))]);
    }

    #[test]
    fn a_damaged_download_is_not_used() {
        let (_dir, home) = home();
        fs::create_dir_all(home.downloads()).expect("a folder");
        fs::write(home.downloads().join("a.tar"), "damaged").expect("written");
        let places = SourceOptions {
            given: None,
            offline: true,
        };
        let error = obtain(&home, &[wanted("a.tar", "a")], places, &Quiet).expect_err("missing");
        assert!(
            error
                .to_string()
                .starts_with("these files are not available offline:\n  a.tar"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_file_lists_its_attempts() {
        let (_dir, home) = home();
        let mut a = wanted("a.tar", "a");
        // Nothing listens on port 1 of this machine.
        a.url = Some("http://127.0.0.1:1/a.tar".into());
        let error = obtain(&home, &[a], SourceOptions::default(), &Quiet).expect_err("missing");
        let text = error.to_string();
        assert!(text.contains("a.tar (SHA-256 "), "{text}");
        assert!(
            text.contains("cannot download http://127.0.0.1:1/a.tar: no connection"),
            "{text}"
        );
    }
}
