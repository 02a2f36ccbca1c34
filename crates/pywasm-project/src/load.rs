//! Loads a [`Project`] from a folder, a `pyproject.toml` or a script, with what the command line
//! asks for. Checks every path, and reports all faults at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::allow::Allow;
use crate::budget::Budget;
use crate::component::{self, Component};
use crate::config::{self, Config};
use crate::data::{self, DataFile, DataPattern, PackageFolder, io_text, show};
use crate::dependencies::Dependencies;
use crate::entry::{self, Entry, FORMS};
use crate::extension::{self, Extension};
use crate::metadata::ProjectMetadata;
use crate::pattern::ModulePattern;
use crate::release::ReleaseSettings;
use crate::settings::{BuildOptions, Settings};
use crate::shared_cache::SharedCache;
use crate::source_roots;
use crate::spanned::Spanned;
use crate::table::Item;
use crate::trim::Trim;
use crate::wheel_packages;
use pywasm_diagnostic::{Diagnostic, Explain as _, Location};
use pywasm_report::Threads;

/// The base's module that makes threads run at once; `threading` imports it where it is there.
const EAGER_THREADS: &str = "_pywasm_eager";

/// A project, ready to be resolved.
#[derive(Debug, Clone)]
pub struct Project {
    /// What the artifact is called; a file name.
    pub name: String,
    /// `[project] version`.
    pub version: Option<String>,
    /// What an installer would write about it. A script has none.
    pub metadata: Option<ProjectMetadata>,
    /// `[project] license`, unless it is a whole text.
    pub license: Option<String>,
    /// The project's folder, absolute.
    pub root: PathBuf,
    /// Where the program starts.
    pub entry: Entry,
    /// Where the app's own modules are imported from, in this order; absolute.
    pub source_roots: Vec<PathBuf>,
    /// Where dependencies are imported from, in this order; absolute.
    pub paths: Vec<PathBuf>,
    /// Modules to include although nothing seems to import them.
    pub include: Vec<ModulePattern>,
    /// Modules to exclude although something imports them.
    pub exclude: Vec<ModulePattern>,
    /// Modules that only a folder of the host will have, when the program runs.
    pub external: Vec<ModulePattern>,
    /// Encodings that the artifact carries besides those that are found: names, and groups of them.
    pub codecs: Vec<Spanned<String>>,
    /// The packages and modules of the project's own wheel, top level only.
    pub own_packages: Vec<String>,
    /// Which parts of packages it keeps, by package.
    pub keep: Vec<(Spanned<String>, Vec<String>)>,
    /// Which packages come whole.
    pub trim: Trim,
    /// Whether the files beside a package's modules come along.
    pub package_data: bool,
    /// The requested Python version, two or three numbers.
    pub python: Option<String>,
    /// `[project] requires-python`, as written.
    pub requires_python: Option<String>,
    /// Where its dependencies are declared, and which of them are requested.
    pub dependencies: Dependencies,
    /// The requested base, an id or a path.
    pub base: Option<String>,
    /// How it is built.
    pub settings: Settings,
    /// How many bytes the files in `/tmp` may take.
    pub tmp_size: Option<u64>,
    /// What modules may do while they are imported for the snapshot.
    pub allow: Vec<Allow>,
    /// The variables that the program is expected to find in its environment.
    pub environment: BTreeMap<String, String>,
    /// What to compile the artifact to ahead of time: `host`, target triples, other compilers.
    pub aot: Vec<Spanned<String>>,
    /// The CPU to compile for.
    pub cpu: Option<Spanned<String>>,
    /// Modules that are written in C, sorted by name.
    pub extensions: Vec<Extension>,
    /// The world that it is a component for.
    pub component: Option<Component>,
    /// Its own hooks, as `docs/reference/hooks.md` has them; absolute.
    pub hooks: Vec<PathBuf>,
    /// Where results are shared with other machines.
    pub cache: SharedCache,
    /// The optional parts of its releases.
    pub release: ReleaseSettings,
    /// How large what is built may be.
    pub budget: Budget,
    data: Vec<DataPattern>,
}

impl Project {
    /// Loads the project at `path`: a folder, its `pyproject.toml`, or a script. With a script,
    /// the configuration beside it counts where it has a `[tool.pywasm]`.
    pub fn load(path: &Path, options: &BuildOptions) -> Result<Self, Error> {
        let given = path.display().to_string().replace('\\', "/");
        let real = fs::canonicalize(path).map_err(|error| {
            Diagnostic::new(format!("`{given}` cannot be built: {}", io_text(&error)))
                .with_hint("pass the folder of a project, or a script")
        })?;
        let (root, script) = if real.is_dir() {
            (real, None)
        } else if real.file_name().is_some_and(|name| name == config::FILE) {
            (parent(&real), None)
        } else if real.extension().is_some_and(|extension| extension == "py") {
            (parent(&real), Some(real))
        } else {
            return Err(
                Diagnostic::new(format!("`{given}` is neither a folder nor a script"))
                    .with_hint("pass a folder, or a script whose name ends in `.py`")
                    .into(),
            );
        };
        let config = read_config(&root, script.is_some())?;
        build(root, script, config, options)
    }

    /// The project's data files, sorted by guest path: what `data` matches, and what stands in
    /// the given packages, as long as `package-data` is on.
    pub fn data_files(&self, packages: &[PackageFolder]) -> Result<Vec<DataFile>, Error> {
        let packages = if self.package_data { packages } else { &[] };
        data::collect(&self.root, &self.source_roots, &self.data, packages)
    }

    /// All files of the project where `data` would put them, modules too, sorted by their places on
    /// the host, except those that a `!` glob excludes, and dependencies in its folder.
    pub fn files(&self) -> Vec<DataFile> {
        let mut files = data::all(&self.root, &self.source_roots, &self.data);
        files.retain(|file| !self.paths.iter().any(|path| file.host.starts_with(path)));
        files
    }
}

fn parent(file: &Path) -> PathBuf {
    file.parent().unwrap_or(file).to_path_buf()
}

fn read_config(root: &Path, for_script: bool) -> Result<Config, Error> {
    let bytes = match fs::read(root.join(config::FILE)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Config::default()),
        Err(error) => {
            return Err(
                Diagnostic::new(format!("the file cannot be read: {}", io_text(&error)))
                    .with_location(Location::file(config::FILE))
                    .into(),
            );
        }
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            let place = Location::line(config::FILE, u32::try_from(line).unwrap_or(0));
            return Err(Diagnostic::new("the file is not UTF-8, as TOML has to be")
                .with_location(place)
                .into());
        }
    };
    let (config, wrong) = config::parse(root, config::FILE, text);
    if for_script && wrong.is_empty() && !config.has_tool {
        return Ok(Config::default());
    }
    if wrong.is_empty() {
        Ok(config)
    } else {
        Err(Error { diagnostics: wrong })
    }
}

/// Whether the `pyproject.toml` in `root` is that of a program: it has a `[tool.pywasm]`, says
/// where one starts, or is invalid.
pub(crate) fn is_project(root: &Path) -> bool {
    let Ok(config) = read_config(root, false) else {
        return true;
    };
    if config.has_tool {
        return true;
    }
    let (options, mut wrong) = (BuildOptions::default(), Vec::new());
    let name = name(root, None, &config, &options, &mut wrong);
    let source_roots = source_roots::find(root, &config, &mut wrong);
    entry::guess(root, &name, &config, &source_roots).is_ok()
}

fn build(
    root: PathBuf,
    script: Option<PathBuf>,
    config: Config,
    options: &BuildOptions,
) -> Result<Project, Error> {
    let mut wrong = Vec::new();
    let name = name(&root, script.as_deref(), &config, options, &mut wrong);
    let mut source_roots = source_roots::find(&root, &config, &mut wrong);
    let paths = paths(&root, &config, options, &mut wrong);
    let mut include = config.include.clone();
    include.extend(parse_patterns("include", &options.include, &mut wrong));
    if config.threads == Threads::Eager {
        include.extend(parse_patterns("threads", &[EAGER_THREADS.to_owned()], &mut wrong));
    }
    let mut exclude = config.exclude.clone();
    exclude.extend(parse_patterns("exclude", &options.exclude, &mut wrong));
    let mut allow = config.allow.clone();
    allow.extend(parse_allow(&options.allow, &mut wrong));
    let mut globs: Vec<_> = config.data.iter().map(data::keep_location).collect();
    globs.extend(options.data.iter().map(|glob| (glob.clone(), None)));
    let data = data::compile(&root, &globs, &mut wrong);
    let extensions = extension::check(&root, &config.extensions, &mut wrong);
    let component = component::check(&root, config.component.clone(), &options.worlds, &mut wrong);
    let hooks = hooks(&root, &config, &mut wrong);
    let is_script = script.is_some();
    let entry = entry(&root, script, &name, &config, options, &source_roots)
        .map_err(|error| wrong.extend(error.diagnostics))
        .ok();
    if let Some(Entry::Script(file)) = &entry {
        source_roots = source_roots::with_script(source_roots, file);
    }
    let (Some(entry), true) = (entry, wrong.is_empty()) else {
        return Err(Error { diagnostics: wrong });
    };
    let own_packages = match is_script {
        true => Vec::new(),
        false => wheel_packages::find(&root, &source_roots, &config),
    };
    Ok(Project {
        name,
        version: config.version,
        metadata: config.metadata.filter(|_| !is_script),
        license: config.license,
        root,
        entry,
        source_roots,
        paths,
        include,
        exclude,
        external: config.external,
        codecs: requests(config.codecs, &options.codecs).collect(),
        own_packages,
        trim: config.trim,
        keep: config.keep,
        package_data: config.package_data.unwrap_or(true),
        python: options.python.clone().or(config.python),
        requires_python: config.requires_python,
        dependencies: config.dependencies.with(&options.dependencies),
        base: options.base.clone().or(config.base),
        settings: Settings::new(config.settings, options, component.is_some()),
        tmp_size: config.tmp_size,
        allow,
        environment: config.environment,
        aot: requests(config.aot, &options.aot).collect(),
        cpu: requests(config.cpu, &options.cpu).last(),
        extensions,
        component,
        hooks,
        cache: config.cache,
        release: config.release,
        budget: config.budget,
        data,
    })
}

/// What the file requests, then what the command line requests.
fn requests<'a>(
    configured: impl IntoIterator<Item = Item<String>>,
    given: impl IntoIterator<Item = &'a String>,
) -> impl Iterator<Item = Spanned<String>> {
    let configured = configured.into_iter().map(|item| Spanned {
        value: item.value,
        place: Some(item.place),
    });
    let given = given.into_iter().map(|value| Spanned {
        value: value.clone(),
        place: None,
    });
    configured.chain(given)
}

/// The artifact's name: the command line's, `[tool.pywasm]`'s, the script's, `[project]`'s, the
/// folder's.
fn name(
    root: &Path,
    script: Option<&Path>,
    config: &Config,
    options: &BuildOptions,
    wrong: &mut Vec<Diagnostic>,
) -> String {
    let configured = config.name.as_ref().or(match script {
        Some(_) => None,
        None => config.project_name.as_ref(),
    });
    let (name, place) = match (&options.name, configured) {
        (Some(name), _) => (name.clone(), None),
        (None, Some(item)) => (item.value.clone(), Some(item.place.clone())),
        (None, None) => {
            let stem = match script {
                Some(script) => script.file_stem(),
                None => root.file_name(),
            };
            let stem = stem.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
            // Nobody chose it as a name, so it is made to fit.
            let fits: String = stem
                .chars()
                .map(|c| if is_refused(c) { '-' } else { c })
                .collect();
            let fits = fits.trim_start_matches(['.', '-']);
            (if fits.is_empty() { "app" } else { fits }.to_owned(), None)
        }
    };
    let fine = !name.is_empty() && !name.starts_with(['.', '-']) && !name.contains(is_refused);
    if !fine {
        let mut diagnostic = Diagnostic::new(format!("`{name}` cannot be the name of a file"))
            .with_hint("choose another name with `name = \"...\"` under [tool.pywasm], or with `--name ...`");
        diagnostic.location = place;
        wrong.push(diagnostic);
    }
    name
}

/// Characters that a file's name cannot have on some system.
fn is_refused(c: char) -> bool {
    c.is_control() || r#"/\:*?"<>|"#.contains(c)
}

fn paths(root: &Path, config: &Config, options: &BuildOptions, wrong: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let configured = config
        .paths
        .iter()
        .map(|item| (root.join(&item.value), &item.value, Some(&item.place)));
    let shown: Vec<String> = options
        .paths
        .iter()
        .map(|path| path.display().to_string().replace('\\', "/"))
        .collect();
    let given = options
        .paths
        .iter()
        .zip(&shown)
        .map(|(path, text)| (path.clone(), text, None));
    for (path, text, place) in configured.chain(given) {
        match fs::canonicalize(&path) {
            Ok(path) if path.is_dir() => {
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
            _ => {
                let mut diagnostic = Diagnostic::new(format!("`paths`: there is no folder `{text}`"));
                diagnostic.location = place.cloned();
                wrong.push(diagnostic);
            }
        }
    }
    paths
}

fn hooks(root: &Path, config: &Config, wrong: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let mut hooks = Vec::new();
    for item in &config.hooks {
        match source_roots::inside(root, &item.value) {
            Some(path) if path.is_file() => hooks.push(path),
            _ => wrong.push(
                Diagnostic::new(format!(
                    "`hooks`: there is no file `{}` in the project",
                    item.value
                ))
                .with_location(item.place.clone()),
            ),
        }
    }
    hooks
}

fn parse_patterns(key: &str, texts: &[String], wrong: &mut Vec<Diagnostic>) -> Vec<ModulePattern> {
    let mut patterns = Vec::new();
    for text in texts {
        match text.parse() {
            Ok(pattern) => patterns.push(pattern),
            Err(error) => {
                let error: crate::InvalidPattern = error;
                wrong.push(Diagnostic::new(format!("`--{key}`: {error}")));
            }
        }
    }
    patterns
}

fn parse_allow(words: &[String], wrong: &mut Vec<Diagnostic>) -> Vec<Allow> {
    let mut allowed = Vec::new();
    for word in words {
        match word.parse::<Allow>() {
            Ok(allow) => allowed.push(allow),
            Err(error) => {
                let mut diagnostic = Diagnostic::new(format!("`--allow`: {error}"));
                diagnostic.hint = error.hint().map(Into::into);
                wrong.push(diagnostic);
            }
        }
    }
    allowed
}

fn entry(
    root: &Path,
    script: Option<PathBuf>,
    name: &str,
    config: &Config,
    options: &BuildOptions,
    source_roots: &[PathBuf],
) -> Result<Entry, Error> {
    let (text, place) = match (&options.entry, script, &config.entry) {
        (Some(text), _, _) => (text, None),
        (None, Some(script), _) => return check_script(root, script, None),
        (None, None, Some(item)) => (&item.value, Some(&item.place)),
        (None, None, None) => {
            let entry = entry::guess(root, name, config, source_roots)?;
            return match entry {
                Entry::Script(file) => check_script(root, file, None),
                entry => Ok(entry),
            };
        }
    };
    match text.parse::<Entry>() {
        Ok(Entry::Script(file)) => {
            let file = file.to_string_lossy().into_owned();
            match source_roots::inside(root, &file) {
                Some(path) if path.is_file() => check_script(root, path, place),
                _ => Err(with_location(
                    Diagnostic::new(format!("there is no script `{file}` in the project")),
                    place,
                )),
            }
        }
        Ok(entry) => Ok(entry),
        Err(error) => Err(with_location(
            Diagnostic::new(error.to_string()).with_hint(FORMS),
            place,
        )),
    }
}

/// A script becomes a module of the guest that is named like the file, so its name must not look
/// like a module inside a package.
fn check_script(root: &Path, script: PathBuf, place: Option<&Location>) -> Result<Entry, Error> {
    let stem = script.file_stem().unwrap_or_default().to_str();
    match stem {
        Some(stem) if !stem.contains('.') && !stem.contains(char::is_control) => Ok(Entry::Script(script)),
        _ => Err(with_location(
            Diagnostic::new(format!(
                "the name of the script `{}` contains a dot, or a character that file names in an artifact cannot have",
                show(root, &script)
            ))
            .with_hint("rename the script"),
            place,
        )),
    }
}

fn with_location(mut diagnostic: Diagnostic, place: Option<&Location>) -> Error {
    diagnostic.location = place.cloned();
    diagnostic.into()
}
