//! Reads `requirements*.txt` as pip does. Included files have to be inside the project's folder or
//! that of the first file. Lines that would run code, or that name anything but a wheel, are
//! refused.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_target::Target;

use crate::error::{Error, IoContext as _};
use crate::marker::Scope;
use crate::requirement::{Requirement, VersionOrUrl};
use crate::requirement_set::{FileLocation, Pin, RequirementSet};
use crate::tags::WheelName;

/// Reads the files; `root` is the project's folder.
pub(crate) fn read(
    files: &[PathBuf],
    root: &Path,
    target: &Target,
    sdists: &[String],
) -> Result<RequirementSet, Error> {
    let mut reader = Reader::new(root, target);
    for file in files {
        reader.file(file, file.parent().unwrap_or(root), false, &mut Vec::new())?;
    }
    let mut requirements = RequirementSet {
        file: files
            .first()
            .map(|file| display_path(root, file))
            .unwrap_or_default(),
        options: reader.options.into_iter().collect(),
        constraints: reader.constraints.into_iter().collect(),
        ..RequirementSet::default()
    };
    let mut wrong = reader.wrong;
    let unhashed = reader.lines.iter().position(|line| line.hashes.is_empty());
    match unhashed {
        Some(at) if reader.lines.iter().any(|line| !line.hashes.is_empty()) => {
            let line = &reader.lines[at];
            let text = format!(
                "`{}` has no hash, but other lines have one",
                line.requirement.name
            );
            wrong.push(Diagnostic::new(text).with_location(line.place.clone()).with_hint("give every line a hash: write the file with `uv pip compile --generate-hashes` or `pip-compile --generate-hashes`"));
        }
        Some(_) => requirements.open = reader.lines.into_iter().map(|line| line.requirement).collect(),
        None => {
            for line in reader.lines {
                match pin(line, sdists) {
                    Ok(pin) => requirements.pins.push(pin),
                    Err(diagnostic) => wrong.push(diagnostic),
                }
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Project(wrong));
    }
    requirements.pins.sort();
    requirements.open.sort_by_key(Requirement::line);
    Ok(requirements)
}

/// The pin of a line in a file with hashes.
fn pin(line: Line, sdists: &[String]) -> Result<Pin, Diagnostic> {
    let Line {
        requirement,
        hashes,
        place,
    } = line;
    let version = requirement.pinned();
    let file = match requirement.what {
        VersionOrUrl::Url(url) => Some(FileLocation::Url(url)),
        VersionOrUrl::Versions(_) => None,
    };
    if version.is_none() && file.is_none() {
        let text = format!("`{}` has a hash but no version", requirement.name);
        return Err(Diagnostic::new(text)
            .with_location(place)
            .with_hint("pin the version with `==`"));
    }
    Ok(Pin {
        from_source: sdists.contains(&requirement.name),
        name: requirement.name,
        version,
        place: file,
        hashes,
    })
}

/// Reads one file's text, for the fuzz targets: no folder is looked at. Returns how many lines apply.
pub(crate) fn read_text(text: &str, target: &Target) -> Result<usize, Vec<Diagnostic>> {
    let nowhere = Path::new("/nowhere");
    let mut reader = Reader::new(nowhere, target);
    for (number, line) in logical_lines(text) {
        let place = Location::line("requirements.txt".to_owned(), number);
        let read = reader.line(
            &line,
            &nowhere.join("r.txt"),
            nowhere,
            false,
            &place,
            &mut Vec::new(),
        );
        match read {
            Ok(Ok(())) => {}
            Ok(Err(diagnostic)) => reader.wrong.push(diagnostic.with_location(place)),
            Err(error) => reader.wrong.push(Diagnostic::new(error.to_string())),
        }
    }
    match reader.wrong.is_empty() {
        true => Ok(reader.lines.len()),
        false => Err(reader.wrong),
    }
}

struct Line {
    requirement: Requirement,
    hashes: BTreeSet<String>,
    place: Location,
}

struct Reader<'a> {
    root: &'a Path,
    target: &'a Target,
    lines: Vec<Line>,
    options: BTreeSet<String>,
    constraints: BTreeSet<String>,
    /// How many files were read, one that several others include as often as they do.
    files: usize,
    wrong: Vec<Diagnostic>,
}

/// How many files may be read. Files that include others twice are exponentially many.
const MOST_FILES: usize = 1000;
/// How many files may include each other in a chain. Each takes a part of the stack.
const DEEPEST: usize = 100;

impl<'a> Reader<'a> {
    fn new(root: &'a Path, target: &'a Target) -> Self {
        Self {
            root,
            target,
            lines: Vec::new(),
            options: BTreeSet::new(),
            constraints: BTreeSet::new(),
            files: 0,
            wrong: Vec::new(),
        }
    }

    fn file(
        &mut self,
        file: &Path,
        home: &Path,
        constrains: bool,
        open: &mut Vec<PathBuf>,
    ) -> Result<(), Error> {
        if open.iter().any(|other| other == file) {
            return Ok(());
        }
        open.push(file.to_owned());
        self.files += 1;
        let bytes = fs::read(file).with_path("read", file)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let shown = display_path(self.root, file);
        for (number, line) in logical_lines(&text) {
            let place = Location::line(shown.clone(), number);
            if let Err(diagnostic) = self.line(&line, file, home, constrains, &place, open)? {
                self.wrong.push(diagnostic.with_location(place));
            }
        }
        open.pop();
        Ok(())
    }

    fn line(
        &mut self,
        line: &str,
        file: &Path,
        home: &Path,
        constrains: bool,
        place: &Location,
        open: &mut Vec<PathBuf>,
    ) -> Result<Result<(), Diagnostic>, Error> {
        let folder = file.parent().unwrap_or(self.root);
        if line.starts_with('-') {
            let (option, value) = split_option(line);
            if !matches!(option, "-r" | "--requirement" | "-c" | "--constraint") {
                return Ok(self.option(option, value, folder));
            }
            let file = match self.find_included(value, folder, home) {
                Ok(file) => file,
                Err(diagnostic) => return Ok(Err(diagnostic)),
            };
            let constrains = constrains || matches!(option, "-c" | "--constraint");
            if self.files == MOST_FILES || open.len() == DEEPEST {
                let text = format!(
                    "the files include each other more than {MOST_FILES} times, or more than {DEEPEST} deep"
                );
                return Ok(Err(
                    Diagnostic::new(text).with_hint("put the lines into fewer files")
                ));
            }
            self.file(&file, home, constrains, open)?;
            return Ok(Ok(()));
        }
        if constrains {
            let text = line.split(" --hash").next().unwrap_or(line).trim();
            self.constraints.insert(text.to_owned());
            return Ok(Requirement::parse(text).map(drop).map_err(Diagnostic::new));
        }
        Ok(self.add(line, folder, place))
    }

    /// Finds a file that another one includes.
    fn find_included(&self, value: &str, folder: &Path, home: &Path) -> Result<PathBuf, Diagnostic> {
        let file = fs::canonicalize(folder.join(value))
            .map_err(|_| Diagnostic::new(format!("there is no file `{value}`")))?;
        let is_inside = |folder: &Path| fs::canonicalize(folder).is_ok_and(|folder| file.starts_with(folder));
        if is_inside(self.root) || is_inside(home) {
            Ok(file)
        } else {
            Err(Diagnostic::new(format!("`{value}` is outside the project"))
                .with_hint("copy the file into the project"))
        }
    }

    /// Handles an option that includes no file.
    fn option(&mut self, option: &str, value: &str, folder: &Path) -> Result<(), Diagnostic> {
        match option {
            "-i" | "--index-url" | "--extra-index-url" | "-f" | "--find-links" | "--no-index" | "--pre"
            | "--trusted-host" => {
                let is_folder = matches!(option, "-f" | "--find-links") && !value.contains("://");
                let value = if is_folder {
                    folder.join(value).display().to_string()
                } else {
                    value.to_owned()
                };
                self.options
                    .insert(format!("{option} {value}").trim_end().to_owned());
                Ok(())
            }
            "--only-binary" | "--prefer-binary" | "--require-hashes" => Ok(()),
            "-e" | "--editable" => Err(Diagnostic::new("pywasm does not install editable requirements")
                .with_hint(format!("name the folder of its modules in `paths`, such as `paths = [\"{value}/src\"]`, and remove this line"))),
            "--no-binary" => Err(Diagnostic::new("pywasm installs only wheels").with_hint(
                "name the distributions to build from source in `sdists`, and remove this line",
            )),
            option => Err(Diagnostic::new(format!("pywasm does not know the option `{option}`"))
                .with_hint("remove this line")),
        }
    }

    /// Adds a requirement with its hashes, if it applies to the target.
    fn add(&mut self, line: &str, folder: &Path, place: &Location) -> Result<(), Diagnostic> {
        let mut words = line.split(" --");
        let text = words.next().unwrap_or_default().trim();
        let mut hashes = BTreeSet::new();
        for word in words {
            let Some(rest) = word.strip_prefix("hash") else {
                let text = format!("pywasm does not know the option `--{word}`");
                return Err(Diagnostic::new(text).with_hint("remove the option"));
            };
            let hash = rest.trim_start_matches([' ', '=']).trim();
            if !hash.starts_with("sha256:") {
                return Err(Diagnostic::new(format!("`{hash}` is not a SHA-256 hash"))
                    .with_hint("write the file with SHA-256 hashes"));
            }
            hashes.insert(hash.to_lowercase());
        }
        let requirement = self.requirement(text, folder)?;
        let scope = Scope {
            target: self.target,
            extras: &[],
            groups: &[],
        };
        if requirement.applies(scope) {
            self.lines.push(Line {
                requirement,
                hashes,
                place: place.clone(),
            });
        }
        Ok(())
    }

    /// A requirement, or the address or path of a wheel without a name before it.
    fn requirement(&self, text: &str, folder: &Path) -> Result<Requirement, Diagnostic> {
        let (place, marker) = match text.split_once(" ;") {
            Some((place, marker)) => (place.trim(), format!(" ;{marker}")),
            None => (text, String::new()),
        };
        let file = place.split(['?', '#']).next().unwrap_or_default();
        let name = file.rsplit('/').next().unwrap_or_default();
        if !place.contains('@')
            && let Some(wheel) = WheelName::parse(name)
        {
            let url = if place.contains("://") {
                place.to_owned()
            } else {
                let path = fs::canonicalize(folder.join(file))
                    .map_err(|_| Diagnostic::new(format!("there is no file `{file}`")))?;
                FileLocation::Path(path).url()
            };
            return Requirement::parse(&format!("{} @ {url}{marker}", wheel.name)).map_err(Diagnostic::new);
        }
        if place.starts_with('.') || (place.contains('/') && !place.contains('@')) {
            return Err(Diagnostic::new(format!("`{place}` is not a wheel")).with_hint("build a wheel (`pip wheel --no-deps ...`) and name its file; or name the folder of its modules in `paths`"));
        }
        let requirement = Requirement::parse(text).map_err(Diagnostic::new)?;
        match &requirement.what {
            VersionOrUrl::Url(url)
                if url.starts_with("git+")
                    || url.starts_with("hg+")
                    || url.starts_with("svn+")
                    || url.starts_with("bzr+") =>
            {
                Err(Diagnostic::new(format!(
                    "`{}` comes from a repository, but pywasm installs only wheels",
                    requirement.name
                ))
                .with_hint("build a wheel (`pip wheel --no-deps ...`) and name its file"))
            }
            _ => Ok(requirement),
        }
    }
}

/// The option of a line and its value: `-r FILE`, `-rFILE`, `--requirement=FILE`.
fn split_option(line: &str) -> (&str, &str) {
    let end = line.find([' ', '=']).unwrap_or(line.len());
    let (option, value) = (&line[..end], line[end..].trim_start_matches([' ', '=']).trim());
    match option.get(..2) {
        Some(short) if !option.starts_with("--") && option.len() > 2 => {
            (short, option.get(2..).unwrap_or_default())
        }
        _ => (option, value),
    }
}

/// Lines without comments, those with a `\` at the end together with the next; each with the
/// number of its first.
fn logical_lines(text: &str) -> Vec<(u32, String)> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut goes_on = false;
    for (number, raw) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let comment = if raw.trim_start().starts_with('#') {
            Some(0)
        } else {
            raw.find(" #").or_else(|| raw.find("\t#"))
        };
        let line = raw[..comment.unwrap_or(raw.len())].trim();
        let (line, more) = match line.strip_suffix('\\') {
            Some(line) => (line.trim_end(), true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, last)) if goes_on => {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push((number, line.to_owned())),
        }
        goes_on = more;
    }
    lines.retain(|(_, line)| !line.trim().is_empty());
    lines
}

/// A path as the user should see it.
pub(crate) fn display_path(root: &Path, file: &Path) -> String {
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let shown = file.strip_prefix(&root).unwrap_or(file);
    shown.display().to_string().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use pywasm_target::PythonVersion;

    use super::*;

    /// Reads the first of these files, which are in one folder.
    fn read_files(files: &[(String, String)]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let first = fs::canonicalize(folder.path().join(&files[0].0)).expect("it is there");
        let target = Target::new(PythonVersion::new(3, 13, 15));
        match read(&[first], folder.path(), &target, &[]) {
            Ok(requirements) => requirements.open.len().to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn files_that_include_many_others_are_bounded() {
        let line = |number: u32| format!("-r {number}.txt\n");
        let file = |number: u32, times| (format!("{number}.txt"), line(number + 1).repeat(times));
        let last = |number: u32| (format!("{number}.txt"), "six\n".to_owned());
        let tower = |height: u32, times| {
            let mut files: Vec<_> = (0..height).map(|number| file(number, times)).collect();
            files.push(last(height));
            files
        };
        assert_eq!(read_files(&tower(3, 2)), "8");
        assert!(read_files(&tower(40, 2)).contains("more than 1000 times"));
        assert_eq!(read_files(&tower(50, 1)), "1");
        assert!(read_files(&tower(200, 1)).contains("more than 100 deep"));
    }
}
