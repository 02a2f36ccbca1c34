//! Checks an installed folder and makes it independent of the installer. Each file has to be in a
//! `RECORD` and match it. Files of installers and scripts with the host's paths are removed, and the
//! `RECORD`s are written again. Also reads the folder's `.pth` files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use walkdir::WalkDir;

use crate::archive::check_name;
use crate::distribution::{Distribution, distributions};
use crate::error::{Error, IoContext as _};
use crate::record::{self, RecordFile};

/// What installers write for themselves into a `*.dist-info`.
const INSTALLERS: [&str; 5] = [
    "INSTALLER",
    "REQUESTED",
    "direct_url.json",
    "uv_build.json",
    "uv_cache.json",
];

/// `.pth` files of the tools that create environments; no program needs what they do.
const HARMLESS: [&str; 2] = ["_virtualenv.pth", "distutils-precedence.pth"];

/// Folders of an installation that are not Python's.
const OUTSIDE: [&str; 7] = ["Scripts", "bin", "doc", "etc", "include", "man", "share"];

/// Checks and tidies a folder that `uv` filled.
pub(crate) fn tidy(site: &Path) -> Result<Vec<Diagnostic>, Error> {
    let lock = site.join(".lock");
    if lock.exists() {
        fs::remove_file(&lock).with_path("remove", &lock)?;
    }
    let found = distributions(site)?;
    let claims = collect_claims(&found)?;
    check_files(site, &found, claims)?;
    let mut warnings = Vec::new();
    for distribution in &found {
        if keep(site, distribution)? {
            warnings.push(omitted_data(&distribution.name));
        }
    }
    for folder in OUTSIDE {
        let folder = site.join(folder);
        if folder.is_dir() && fs::read_dir(&folder).with_path("list", &folder)?.next().is_none() {
            fs::remove_dir(&folder).with_path("remove", &folder)?;
        }
    }
    Ok(warnings)
}

/// The lines of all `RECORD`s by their paths, each with the number of its distribution.
type Claims = BTreeMap<String, Vec<(usize, RecordFile)>>;

fn collect_claims(found: &[Distribution]) -> Result<Claims, Error> {
    let mut claims = Claims::new();
    for (at, distribution) in found.iter().enumerate() {
        if distribution.files.is_empty() {
            return Err(refuse(distribution, "it has no `RECORD`".to_owned()));
        }
        for file in &distribution.files {
            check_name(&file.path).map_err(|_| {
                let fault = format!("its `RECORD` lists `{}`, which is outside its folder", file.path);
                refuse(distribution, fault)
            })?;
            claims
                .entry(file.path.clone())
                .or_default()
                .push((at, file.clone()));
        }
    }
    Ok(claims)
}

/// Checks that the files are exactly those of the `RECORD`s.
fn check_files(site: &Path, found: &[Distribution], mut claims: Claims) -> Result<(), Error> {
    for entry in WalkDir::new(site).min_depth(1) {
        let entry = entry.map_err(std::io::Error::from).with_path("list", site)?;
        if entry.file_type().is_dir() {
            continue;
        }
        let relative = relative(site, entry.path());
        if !entry.file_type().is_file() {
            return Err(refuse_stray(site, &relative, "is not a regular file"));
        }
        let Some(claims) = claims.remove(&relative) else {
            return Err(refuse_stray(site, &relative, "is not listed in any `RECORD`"));
        };
        if is_record(&relative) {
            continue;
        }
        let digest = digest(entry.path())?;
        let size = entry
            .metadata()
            .map_err(std::io::Error::from)
            .with_path("read", entry.path())?
            .len();
        let fits =
            |file: &RecordFile| file.sha256 == Some(digest) && file.size.is_none_or(|said| said == size);
        if !claims.iter().any(|(_, file)| fits(file))
            && let Some((at, _)) = claims.first()
        {
            let fault = format!("`{relative}` does not match its `RECORD`");
            return Err(refuse(&found[*at], fault));
        }
    }
    if let Some((path, claims)) = claims.into_iter().next()
        && let Some((at, _)) = claims.first()
    {
        let fault = format!("its `RECORD` lists `{path}`, which does not exist");
        return Err(refuse(&found[*at], fault));
    }
    Ok(())
}

/// Whether a program may read a file that belongs outside of Python's folders: pages of manuals
/// are for people.
pub(crate) fn is_data(path: &str) -> bool {
    ![
        "bin/",
        "Scripts/",
        "include/",
        "man/",
        "doc/",
        "share/man/",
        "share/doc/",
    ]
    .iter()
    .any(|with| path.starts_with(with))
}

/// Whether a line of a `RECORD` is there because of how its distribution was installed: what
/// installers write for themselves, and what stands outside of Python's folders, such as a script
/// with the host's paths in it.
pub(crate) fn is_installers(path: &str) -> bool {
    let top = path.split('/').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    top == ".."
        || top.is_empty()
        || OUTSIDE.contains(&top)
        || (top.ends_with(".dist-info") && INSTALLERS.contains(&name))
}

/// The warning for a distribution whose data is not installed.
pub(crate) fn omitted_data(name: &str) -> Diagnostic {
    Diagnostic::new(format!(
        "`{name}` contains data for places outside Python's folders, which pywasm omits"
    ))
    .with_hint("if the program reads such a file, copy it into the project and name it in `data`")
}

/// Removes what is not the distribution's own, and writes its `RECORD` again. Returns whether
/// it removed data that a program may read.
fn keep(site: &Path, distribution: &Distribution) -> Result<bool, Error> {
    let mut has_data = false;
    let dist_info = relative(site, &distribution.folder);
    let mut kept = Vec::new();
    for file in &distribution.files {
        let own = file
            .path
            .strip_prefix(&dist_info)
            .and_then(|rest| rest.strip_prefix('/'));
        let top = file.path.split('/').next().unwrap_or_default();
        let leaves = own.is_some_and(|part| INSTALLERS.contains(&part))
            || (OUTSIDE.contains(&top)
                && file.path.contains('/')
                && !site.join(top).join("__init__.py").exists());
        if leaves {
            has_data |= own.is_none() && is_data(&file.path);
            let path = site.join(&file.path);
            fs::remove_file(&path).with_path("remove", &path)?;
            let parents = path.ancestors().skip(1).take_while(|parent| *parent != site);
            for parent in parents {
                // Fails where something is left in it, and then it stays.
                if fs::remove_dir(parent).is_err() {
                    break;
                }
            }
        } else if is_record(&file.path) {
            kept.push(RecordFile {
                path: file.path.clone(),
                sha256: None,
                size: None,
            });
        } else {
            kept.push(file.clone());
        }
    }
    kept.sort();
    let path = distribution.folder.join("RECORD");
    // The file may be a link into an installer's cache, so it is replaced and not written to.
    fs::remove_file(&path).with_path("remove", &path)?;
    fs::write(&path, record::render(&kept)).with_path("write", &path)?;
    Ok(has_data)
}

fn is_record(path: &str) -> bool {
    // A vendored distribution's, further down, is a file as any other.
    let top = path.strip_suffix("/RECORD");
    top.is_some_and(|top| top.ends_with(".dist-info") && !top.contains('/'))
}

fn digest(path: &Path) -> Result<Digest, Error> {
    let mut file = File::open(path).with_path("read", path)?;
    Digest::from_reader(&mut file).with_path("read", path)
}

fn relative(site: &Path, path: &Path) -> String {
    path.strip_prefix(site)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

fn refuse(distribution: &Distribution, fault: String) -> Error {
    Error::refused(
        Diagnostic::new(format!(
            "pywasm refuses the installed `{}` {}: {fault}",
            distribution.name, distribution.version
        ))
        .with_hint("pin another version, or report the fault to its maintainers"),
    )
}

fn refuse_stray(site: &Path, relative: &str, what: &str) -> Error {
    let name = site.file_name().unwrap_or_default().to_string_lossy();
    Error::refused(
        Diagnostic::new(format!("`{name}/{relative}` was installed but {what}"))
            .with_hint("try `--installer pip`, which may say more about the wheel that contains the file"),
    )
}

/// What the `.pth` files of a folder say: more folders to import from, and what cannot be done.
/// They are never run. `project` is a folder outside that may be named, too: an editable
/// installation in a virtual environment names the project's own.
pub(crate) fn paths(site: &Path, project: Option<&Path>) -> Result<(Vec<PathBuf>, Vec<Diagnostic>), Error> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(site).with_path("list", site)? {
        let path = entry.with_path("list", site)?.path();
        if path.extension().is_some_and(|end| end == "pth") && path.is_file() {
            files.insert(path);
        }
    }
    let (mut roots, mut warnings) = (Vec::new(), Vec::new());
    for file in files {
        let name = relative(site, &file);
        let text = String::from_utf8_lossy(&fs::read(&file).with_path("read", &file)?).into_owned();
        for line in text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        {
            if HARMLESS.contains(&name.as_str()) {
                continue;
            }
            if line.starts_with("import ") || line.starts_with("import\t") {
                let shown: String = line.chars().take(60).collect();
                warnings.push(
                    Diagnostic::new(format!("`{name}` contains code that Python would run at every start, but an artifact does not: `{shown}`"))
                        .with_hint("if the program depends on this code, run it in the program"),
                );
                continue;
            }
            let inside = fs::canonicalize(site.join(line))
                .ok()
                .filter(|path| path.is_dir());
            let home = fs::canonicalize(site).with_path("find", site)?;
            match inside {
                Some(path) if path == home => {}
                Some(path)
                    if path.starts_with(&home)
                        || project.is_some_and(|project| path.starts_with(project)) =>
                {
                    if !roots.contains(&path) {
                        roots.push(path);
                    }
                }
                _ => warnings.push(
                    Diagnostic::new(format!(
                        "`{name}` names a folder outside its own, which pywasm ignores: `{line}`"
                    ))
                    .with_hint("if the program imports from that folder, name it in `paths`"),
                ),
            }
        }
    }
    warnings.dedup();
    Ok((roots, warnings))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder as `uv` leaves it.
    fn installed() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [
            ("x/__init__.py", "x = 1\n"),
            ("bin/x", "#!/home/somebody/python\n"),
            ("share/doc/x.txt", "words\n"),
            ("x-1.dist-info/METADATA", "Name: x\nVersion: 1\n"),
            ("x-1.dist-info/INSTALLER", "uv"),
            ("x-1.dist-info/REQUESTED", ""),
        ];
        let mut listed = Vec::new();
        for (path, text) in files {
            put(folder.path(), path, text);
            listed.push(RecordFile {
                path: path.to_owned(),
                sha256: Some(Digest::compute(text.as_bytes())),
                size: Some(text.len() as u64),
            });
        }
        listed.push(RecordFile {
            path: "x-1.dist-info/RECORD".to_owned(),
            sha256: None,
            size: None,
        });
        put(folder.path(), "x-1.dist-info/RECORD", &record::render(&listed));
        put(folder.path(), ".lock", "");
        folder
    }

    fn put(site: &Path, path: &str, text: &str) {
        let path = site.join(path);
        fs::create_dir_all(path.parent().expect("below")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    #[test]
    fn what_an_installer_adds_leaves() {
        let folder = installed();
        tidy(folder.path()).expect("is fine");
        let walk = WalkDir::new(folder.path()).min_depth(1).sort_by_file_name();
        let left: Vec<String> = walk
            .into_iter()
            .map(|entry| relative(folder.path(), entry.expect("listed").path()))
            .collect();
        let wanted = [
            "x",
            "x/__init__.py",
            "x-1.dist-info",
            "x-1.dist-info/METADATA",
            "x-1.dist-info/RECORD",
        ];
        assert_eq!(left, wanted);
        tidy(folder.path()).expect("its new RECORD is right");
    }

    #[test]
    fn what_is_not_as_recorded_is_refused() {
        type Change = fn(&Path);
        let cases: [(Change, &str); 5] = [
            (
                |site| put(site, "x/__init__.py", "x = 2\n"),
                "does not match its `RECORD`",
            ),
            (|site| put(site, "y.py", ""), "is not listed in any `RECORD`"),
            (
                |site| fs::remove_file(site.join("x/__init__.py")).expect("removed"),
                "which does not exist",
            ),
            (
                |site| {
                    let record = site.join("x-1.dist-info/RECORD");
                    let text = fs::read_to_string(&record).expect("read") + "../../outside,,\n";
                    fs::write(record, text).expect("written");
                },
                "outside its folder",
            ),
            (|site| put(site, "x-1.dist-info/RECORD", ""), "no `RECORD`"),
        ];
        for (change, wanted) in cases {
            let folder = installed();
            change(folder.path());
            let error = tidy(folder.path()).expect_err(wanted).to_string();
            assert!(
                error.contains(wanted) && error.contains("hint: "),
                "{wanted}: {error}"
            );
        }
    }
}
