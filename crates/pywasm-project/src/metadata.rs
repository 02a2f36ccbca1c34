//! Reads what an installer would write about the project itself: the headers of `METADATA` and the entry
//! points, from `[project]`. What is `dynamic` belongs to the build backend; of it, a version that stands
//! as a literal in a file is read as setuptools, hatchling and flit would. `pywasm-deps` asks the backend.
//! Without `[project]`, all is the backend's: poetry and setuptools have places of their own.

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;

use pywasm_diagnostic::Location;
use toml::de::{DeTable, DeValue};

use crate::build_system::{self, BuildSystem};
use crate::source_roots::inside;

/// The field of `dynamic` for what the project depends on.
pub const DEPENDENCIES: &str = "dependencies";

/// A line of the project's `entry_points.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEntryPoint {
    /// The section, such as `console_scripts`.
    pub group: String,
    /// The name within it.
    pub name: String,
    /// What it stands for, such as `package.module:function`.
    pub value: String,
}

impl OwnEntryPoint {
    /// Its module.
    pub fn module(&self) -> &str {
        let value = self.value.split(['[', ':']).next().unwrap_or(&self.value);
        value.trim()
    }
}

/// What an installer would write about the project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectMetadata {
    /// `[project] name`.
    pub name: String,
    /// Its version, if one is known.
    pub version: Option<String>,
    /// The other headers, each with its line end.
    pub headers: String,
    /// The text of the `readme`, if there is one.
    pub readme: Option<String>,
    /// Scripts and plugins, sorted.
    pub entry_points: Vec<OwnEntryPoint>,
    /// The fields that only the build backend knows.
    pub dynamic: Vec<String>,
    /// Where the project lists them.
    pub dynamic_place: Option<Location>,
    /// The build backend.
    pub build_system: BuildSystem,
    /// The whole of `METADATA`, if the build backend has written it.
    pub written: Option<String>,
    /// Why the build backend has not.
    pub failure: Option<String>,
}

impl ProjectMetadata {
    /// Takes what the build backend has written: `METADATA` and `entry_points.txt`.
    pub fn take(&mut self, written: String, entry_points: &str) {
        let header = |name: &str| {
            let mut headers = written.lines().take_while(|line| !line.is_empty());
            headers.find_map(|line| line.strip_prefix(name).map(|text| text.trim().to_owned()))
        };
        self.version = header("Version: ");
        self.name = header("Name: ").unwrap_or_else(|| self.name.clone());
        self.entry_points = parse_entry_points(entry_points);
        self.written = Some(written);
        self.dynamic.clear();
    }

    /// Writes `METADATA`.
    pub fn to_metadata(&self) -> String {
        if let Some(written) = &self.written {
            return written.clone();
        }
        let version = self.version.as_deref().unwrap_or_default();
        let mut text = format!("Metadata-Version: 2.4\nName: {}\nVersion: {version}\n", self.name);
        text += &self.headers;
        if let Some(readme) = &self.readme {
            text.push('\n');
            text += readme;
        }
        text
    }

    /// Writes `entry_points.txt`.
    pub fn to_entry_points(&self) -> String {
        let mut text = String::new();
        let mut group = "";
        for point in &self.entry_points {
            if point.group != group {
                let gap = if text.is_empty() { "" } else { "\n" };
                text += &format!("{gap}[{}]\n", point.group);
                group = &point.group;
            }
            text += &format!("{} = {}\n", point.name, point.value);
        }
        text
    }
}

/// Reads `[project]`. A project without a name has no metadata.
pub(crate) fn read(
    root: &Path,
    document: &DeTable<'_>,
    place: impl Fn(Range<usize>) -> Location,
) -> Option<ProjectMetadata> {
    let Some(project) = document.get("project") else {
        return read_foreign(root, document);
    };
    let project = project.get_ref().as_table()?;
    let text = |key: &str| project.get(key).and_then(|value| value.get_ref().as_str());
    let mut metadata = ProjectMetadata {
        name: text("name")?.to_owned(),
        version: text("version").map(str::to_owned),
        headers: write_headers(project),
        readme: read_readme(root, project),
        entry_points: read_entry_points(project),
        dynamic: list(project, "dynamic"),
        dynamic_place: project.get("dynamic").map(|value| place(value.span())),
        build_system: build_system::read(document),
        written: None,
        failure: None,
    };
    if metadata.version.is_none() && metadata.dynamic.iter().any(|field| field == "version") {
        metadata.version = find_version(root, document, &metadata.name);
        if metadata.version.is_some() {
            metadata.dynamic.retain(|field| field != "version");
        }
    }
    Some(metadata)
}

/// What only the build backend can tell, for a project that says nothing under `[project]`.
fn read_foreign(root: &Path, document: &DeTable<'_>) -> Option<ProjectMetadata> {
    let tool = document.get("tool").and_then(|tool| tool.get_ref().get("poetry"));
    let has_setup = || {
        ["setup.py", "setup.cfg"]
            .iter()
            .any(|file| root.join(file).is_file())
    };
    if tool.is_none() && !(document.contains_key("build-system") && has_setup()) {
        return None;
    }
    let named = tool.and_then(|tool| tool.get_ref().get("name")?.get_ref().as_str().map(str::to_owned));
    let folder = || root.file_name().map(|name| name.to_string_lossy().into_owned());
    Some(ProjectMetadata {
        name: named.or_else(folder)?,
        dynamic: ["version", DEPENDENCIES, "scripts"].map(str::to_owned).to_vec(),
        build_system: build_system::read(document),
        ..ProjectMetadata::default()
    })
}

fn list(table: &DeTable<'_>, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(|value| value.get_ref().as_array());
    let texts = array.into_iter().flat_map(|array| array.iter());
    texts
        .filter_map(|value| value.get_ref().as_str().map(str::to_owned))
        .collect()
}

fn write_headers(project: &DeTable<'_>) -> String {
    let text = |key: &str| project.get(key).and_then(|value| value.get_ref().as_str());
    let mut headers = String::new();
    let mut add = |name: &str, value: &str| {
        // A header is one line.
        let _ = writeln!(headers, "{name}: {}", value.replace('\n', " "));
    };
    if let Some(summary) = text("description") {
        add("Summary", summary);
    }
    for (key, header) in [("authors", "Author"), ("maintainers", "Maintainer")] {
        let people = project.get(key).and_then(|value| value.get_ref().as_array());
        for person in people.into_iter().flat_map(|people| people.iter()) {
            let part = |key: &str| person.get_ref().as_table()?.get(key)?.get_ref().as_str();
            match (part("name"), part("email")) {
                (Some(name), Some(mail)) => add(&format!("{header}-email"), &format!("{name} <{mail}>")),
                (Some(name), None) => add(header, name),
                (None, Some(mail)) => add(&format!("{header}-email"), mail),
                (None, None) => {}
            }
        }
    }
    match project.get("license").map(toml::Spanned::get_ref) {
        Some(DeValue::Table(table)) => {
            if let Some(words) = table.get("text").and_then(|value| value.get_ref().as_str()) {
                add("License", words);
            }
        }
        Some(value) => value
            .as_str()
            .into_iter()
            .for_each(|license| add("License-Expression", license)),
        None => {}
    }
    let keywords = list(project, "keywords");
    if !keywords.is_empty() {
        add("Keywords", &keywords.join(","));
    }
    for classifier in list(project, "classifiers") {
        add("Classifier", &classifier);
    }
    let urls = project.get("urls").and_then(|value| value.get_ref().as_table());
    for (label, url) in urls.into_iter().flat_map(|urls| urls.iter()) {
        if let Some(url) = url.get_ref().as_str() {
            add("Project-URL", &format!("{}, {url}", label.get_ref()));
        }
    }
    if let Some(python) = text("requires-python") {
        add("Requires-Python", python);
    }
    for requirement in list(project, "dependencies") {
        add("Requires-Dist", &requirement);
    }
    let extras = project
        .get("optional-dependencies")
        .and_then(|value| value.get_ref().as_table());
    for (extra, _) in extras.into_iter().flat_map(|extras| extras.iter()) {
        let extra = extra.get_ref();
        add("Provides-Extra", extra);
        for requirement in extras.map_or_else(Vec::new, |extras| list(extras, extra)) {
            let condition = format!("extra == \"{extra}\"");
            let whole = match requirement.split_once(';') {
                Some((what, marker)) => format!("{}; ({}) and {condition}", what.trim(), marker.trim()),
                None => format!("{requirement}; {condition}"),
            };
            add("Requires-Dist", &whole);
        }
    }
    if let Some(kind) = readme_type(project) {
        add("Description-Content-Type", kind);
    }
    headers
}

/// Gives the type of the readme.
fn readme_type<'t>(project: &'t DeTable<'_>) -> Option<&'t str> {
    let readme = project.get("readme")?.get_ref();
    if let Some(table) = readme.as_table() {
        return table.get("content-type")?.get_ref().as_str();
    }
    match readme.as_str()?.rsplit_once('.')?.1 {
        "md" => Some("text/markdown"),
        "rst" => Some("text/x-rst"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}

fn read_readme(root: &Path, project: &DeTable<'_>) -> Option<String> {
    let readme = project.get("readme")?.get_ref();
    let file = match readme.as_table() {
        Some(table) => match table.get("text") {
            Some(text) => return text.get_ref().as_str().map(str::to_owned),
            None => table.get("file")?.get_ref().as_str()?,
        },
        None => readme.as_str()?,
    };
    fs::read_to_string(inside(root, file)?).ok()
}

fn read_entry_points(project: &DeTable<'_>) -> Vec<OwnEntryPoint> {
    let mut points = Vec::new();
    let mut add = |group: &str, table: Option<&DeTable<'_>>| {
        for (name, value) in table.into_iter().flat_map(|table| table.iter()) {
            if let Some(value) = value.get_ref().as_str() {
                points.push(OwnEntryPoint {
                    group: group.to_owned(),
                    name: name.get_ref().to_string(),
                    value: value.to_owned(),
                });
            }
        }
    };
    let table = |key: &str| project.get(key).and_then(|value| value.get_ref().as_table());
    add("console_scripts", table("scripts"));
    add("gui_scripts", table("gui-scripts"));
    for (group, inner) in table("entry-points").into_iter().flat_map(|groups| groups.iter()) {
        add(group.get_ref(), inner.get_ref().as_table());
    }
    points.sort_by(|a, b| (&a.group, &a.name).cmp(&(&b.group, &b.name)));
    points
}

/// Reads the text of an `entry_points.txt`.
fn parse_entry_points(text: &str) -> Vec<OwnEntryPoint> {
    let mut points = Vec::new();
    let mut group = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.trim().clone_into(&mut group);
        } else if let Some((name, value)) = line.split_once('=')
            && !line.starts_with(['#', ';'])
        {
            points.push(OwnEntryPoint {
                group: group.clone(),
                name: name.trim().to_owned(),
                value: value.trim().to_owned(),
            });
        }
    }
    points.sort_by(|a, b| (&a.group, &a.name).cmp(&(&b.group, &b.name)));
    points
}

/// Finds a dynamic version where it stands as a literal.
fn find_version(root: &Path, document: &DeTable<'_>, name: &str) -> Option<String> {
    let at = |path: &[&str]| {
        let (last, above) = path.split_last()?;
        let mut table = document;
        for key in above {
            table = table.get(*key)?.get_ref().as_table()?;
        }
        table.get(*last)
    };
    let read = |file: &str| fs::read_to_string(inside(root, file)?).ok();
    if let Some(version) = at(&["tool", "setuptools", "dynamic", "version"]) {
        let version = version.get_ref().as_table()?;
        if let Some(file) = version.get("file") {
            let file = file.get_ref();
            let file = file
                .as_str()
                .or_else(|| file.as_array()?.first()?.get_ref().as_str())?;
            return read(file).map(|text| text.trim().to_owned());
        }
        let (module, attribute) = version.get("attr")?.get_ref().as_str()?.rsplit_once('.')?;
        return find_in_module(root, module, &[attribute]);
    }
    if let Some(path) = at(&["tool", "hatch", "version", "path"]) {
        return find_literal(&read(path.get_ref().as_str()?)?, &["__version__", "VERSION"]);
    }
    let backend = at(&["build-system", "build-backend"])?.get_ref().as_str()?;
    if backend.starts_with("flit") {
        let module = at(&["tool", "flit", "module", "name"]).and_then(|name| name.get_ref().as_str());
        let own = name.replace(['-', '.'], "_");
        return find_in_module(root, module.unwrap_or(&own), &["__version__"]);
    }
    None
}

fn find_in_module(root: &Path, module: &str, names: &[&str]) -> Option<String> {
    let relative = module.replace('.', "/");
    let places = ["", "src/"]
        .iter()
        .flat_map(|folder| ["/__init__.py", ".py"].map(|end| root.join(format!("{folder}{relative}{end}"))));
    let mut texts = places.filter_map(|place| fs::read_to_string(place).ok());
    find_literal(&texts.next()?, names)
}

/// Finds `NAME = "text"` at the start of a line.
fn find_literal(text: &str, names: &[&str]) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        let name = name.split(':').next().unwrap_or(name).trim_end();
        if !names.contains(&name) {
            return None;
        }
        let value = value.split('#').next().unwrap_or(value).trim();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.is_empty() && !inner.contains(quote)).then(|| inner.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(folder: &Path, text: &str) -> ProjectMetadata {
        let table = DeTable::parse(text).expect("TOML");
        let place = |span: Range<usize>| Location::span("pyproject.toml", text, span.start, span.end);
        read(folder, table.get_ref(), place).expect("a project")
    }

    #[test]
    fn headers_and_entry_points_come_from_the_project() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "[project]\nname = \"a-b\"\nversion = \"1.2\"\ndescription = \"Does it\"\n\
            dependencies = [\"x>1\"]\nscripts = { run = \"a_b.cli:main\" }\n\
            [project.optional-dependencies]\nfast = [\"y; python_version > '3'\"]\n\
            [project.entry-points.\"a.plugins\"]\none = \"a_b.one:One [fast]\"\n";
        let found = metadata(folder.path(), text);
        assert_eq!(
            found.to_metadata(),
            "Metadata-Version: 2.4\nName: a-b\nVersion: 1.2\nSummary: Does it\nRequires-Dist: x>1\n\
             Provides-Extra: fast\nRequires-Dist: y; (python_version > '3') and extra == \"fast\"\n"
        );
        assert_eq!(
            found.to_entry_points(),
            "[a.plugins]\none = a_b.one:One [fast]\n\n[console_scripts]\nrun = a_b.cli:main\n"
        );
        assert_eq!(found.entry_points[0].module(), "a_b.one");
    }

    #[test]
    fn a_dynamic_version_is_read_where_it_is_a_literal() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("src")).expect("a folder");
        let module = "import os\n__version__: str = '2.0'  # now\n";
        fs::write(folder.path().join("src/shop.py"), module).expect("writes");
        let start = "[project]\nname = \"shop\"\ndynamic = [\"version\"]\n";
        for tool in [
            "[tool.setuptools.dynamic]\nversion = { attr = \"shop.__version__\" }\n",
            "[tool.hatch.version]\npath = \"src/shop.py\"\n",
            "[build-system]\nbuild-backend = \"flit_core.buildapi\"\n",
        ] {
            let found = metadata(folder.path(), &format!("{start}{tool}"));
            assert_eq!(found.version.as_deref(), Some("2.0"), "{tool}");
            assert!(found.dynamic.is_empty());
        }
        let mut unknown = metadata(folder.path(), start);
        assert_eq!(
            (&unknown.version, &unknown.dynamic),
            (&None, &vec!["version".to_owned()])
        );
        assert_eq!(unknown.dynamic_place.as_ref().map(|place| place.line), Some(3));
        assert_eq!(unknown.build_system, BuildSystem::default());

        let written = "Metadata-Version: 2.1\nName: shop\nVersion: 3.1\n\nVersion: none\n";
        unknown.take(
            written.to_owned(),
            "[b]\nx = y:z\n\n[a]\n# no\none = two [extra]\n",
        );
        assert_eq!(unknown.version.as_deref(), Some("3.1"));
        assert_eq!(unknown.to_metadata(), written);
        assert_eq!(
            unknown.to_entry_points(),
            "[a]\none = two [extra]\n\n[b]\nx = y:z\n"
        );
    }
}
