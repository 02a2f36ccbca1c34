//! Collects the parts of an artifact and their dependencies, from which both formats are written.

use std::collections::{BTreeMap, BTreeSet};

use packageurl::PackageUrl;
use pywasm_base::Source;
use pywasm_digest::Digest;
use pywasm_report::{DistributionEntry, ModuleEntry, Report};

use super::{Error, SbomSubject, is_inside, library, license::License};

/// The parts of an artifact, and what it was built from.
pub(super) struct Bill<'a> {
    pub(super) report: &'a Report,
    /// The artifact itself.
    pub(super) artifact: Part,
    /// The name of its file.
    pub(super) file: &'a str,
    /// The base, as a whole.
    pub(super) base: Part,
    /// The base's libraries, sorted by their names in the manifest.
    pub(super) libraries: Vec<Part>,
    /// Installed distributions, sorted by name, and then modules without a distribution.
    pub(super) distributions: Vec<Part>,
    /// The ids of the parts that each part needs, by its id.
    pub(super) needs: BTreeMap<String, BTreeSet<String>>,
}

/// One part.
pub(super) struct Part {
    /// Its id in the document, such as `library/sqlite`.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) license: License,
    /// The digest of the artifact, the wheel or the source archive.
    pub(super) sha256: Option<Digest>,
    pub(super) purl: Option<String>,
    pub(super) cpe: Option<String>,
    /// Whether parts of it can be in the artifact.
    pub(super) is_inside: bool,
    /// Names and values that the formats have no fields for.
    pub(super) properties: Vec<(&'static str, String)>,
}

impl<'a> Bill<'a> {
    pub(super) fn new(subject: SbomSubject<'a>) -> Result<Self, Error> {
        let SbomSubject { report, base } = subject;
        if report.base.id != base.id {
            return Err(Error::OtherBase {
                wanted: report.base.id.clone(),
                found: base.id.clone(),
            });
        }
        let module = report.artifacts.iter().find(|artifact| artifact.kind == "wasm");
        let module = module.ok_or_else(|| Error::NoModule(report.project.name.clone()))?;
        let project = &report.project;
        let artifact = Part {
            version: project.version.clone(),
            license: License::read(project.license.as_deref()),
            sha256: Some(module.sha256),
            properties: vec![
                ("entry", project.entry.clone()),
                ("profile", report.settings.profile.to_string()),
            ],
            ..Part::new("artifact", &project.name)
        };
        let runtime = Part {
            version: Some(base.id.clone()),
            sha256: base.files.get("base.wasm").copied(),
            properties: vec![("python", base.python.clone())],
            ..Part::new("base", "pywasm base")
        };
        let mut sources: Vec<&Source> = base.sources.iter().collect();
        sources.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        let cpython = sources.iter().find(|source| source.name == "cpython");
        let cpython = cpython.map(|source| (source.sha256, source.version.as_str()));
        let libraries: Vec<Part> = sources
            .into_iter()
            .map(|source| library_part(source, cpython, report))
            .collect();
        let mut distributions: Vec<Part> = report.distributions.iter().map(distribution_part).collect();
        distributions.extend(undeclared_modules(report).iter().map(undeclared_part));
        let mut bill = Self {
            report,
            artifact,
            file: &module.file,
            base: runtime,
            libraries,
            distributions,
            needs: BTreeMap::new(),
        };
        bill.connect();
        Ok(bill)
    }

    /// All parts except for the artifact.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.base)
            .chain(&self.libraries)
            .chain(&self.distributions)
    }

    /// Connects the parts: the artifact needs its base and what it imports, a distribution needs what
    /// its modules import, and the base needs the libraries that it is linked from.
    fn connect(&mut self) {
        let (artifact, base) = (self.artifact.id.clone(), self.base.id.clone());
        let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for part in std::iter::once(&self.artifact).chain(self.parts()) {
            needs.insert(part.id.clone(), BTreeSet::new());
        }
        let mut need = |from: &str, to: &str| {
            if from != to {
                needs.entry(from.to_owned()).or_default().insert(to.to_owned());
            }
        };
        need(&artifact, &base);
        for library in &self.libraries {
            need(&base, &library.id);
        }
        let modules = &self.report.modules;
        let owners: BTreeMap<&str, String> = modules
            .iter()
            .map(|module| (module.name.as_str(), owner_of(module, &self.report.distributions)))
            .map(|(name, owner)| (name, owner.unwrap_or_else(|| artifact.clone())))
            .collect();
        let mut imported = BTreeSet::new();
        for module in modules {
            let to = &owners[module.name.as_str()];
            let importers = module
                .imported_by
                .iter()
                .filter_map(|name| owners.get(name.as_str()));
            for from in importers.filter(|from| *from != to && *to != artifact) {
                need(from, to);
                imported.insert(to.clone());
            }
        }
        // Distributions that only have data, or that only the configuration requires.
        for part in self
            .distributions
            .iter()
            .filter(|part| !imported.contains(&part.id))
        {
            need(&artifact, &part.id);
        }
        self.needs = needs;
    }
}

impl Part {
    fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            version: None,
            license: License::Unknown,
            sha256: None,
            purl: None,
            cpe: None,
            is_inside: true,
            properties: Vec::new(),
        }
    }
}

/// Returns the id of the part that a dependency's module belongs to.
fn owner_of(module: &ModuleEntry, distributions: &[DistributionEntry]) -> Option<String> {
    // A namespace is only a folder.
    if module.origin != "dependency" || module.kind == "namespace" {
        return None;
    }
    let entry = module
        .distribution
        .as_ref()
        .and_then(|name| distributions.iter().find(|entry| entry.name == *name));
    Some(match entry {
        Some(entry) => distribution_id(entry),
        None => undeclared_id(module),
    })
}

fn distribution_id(entry: &DistributionEntry) -> String {
    format!("distribution/{}/{}", entry.name, entry.version)
}

/// The prefix of the ids of modules that no distribution owns.
const UNDECLARED: &str = "module/";

fn undeclared_id(module: &ModuleEntry) -> String {
    format!(
        "{UNDECLARED}{}",
        module.name.split('.').next().unwrap_or_default()
    )
}

fn library_part(source: &Source, cpython: Option<(Digest, &str)>, report: &Report) -> Part {
    let known = library::find(&source.name);
    // The manifest has `as in ...` for parts without a version of their own.
    let version = Some(source.version.clone()).filter(|version| !version.starts_with("as in "));
    let mut properties = vec![("source", source.name.clone())];
    // Some libraries are part of CPython's archive and have no archive of their own.
    let carried = cpython.filter(|(digest, _)| source.name != "cpython" && source.sha256 == *digest);
    if let Some((_, version)) = carried {
        properties.push(("carried-by", format!("CPython {version}")));
    }
    // Some files of CPython are not a package.
    let is_own = carried.is_none() || known.is_some_and(|known| known.cpe.is_some());
    let cpe = known.and_then(|known| known.cpe).zip(version.as_ref());
    Part {
        license: License::read(Some(&source.license)),
        sha256: Some(source.sha256).filter(|_| carried.is_none()),
        purl: generic_purl(&source.name, version.as_deref()).filter(|_| is_own),
        cpe: cpe.map(|(product, version)| format!("cpe:2.3:a:{product}:{version}:*:*:*:*:*:*:*")),
        is_inside: is_inside(&source.name, report),
        properties,
        version,
        ..Part::new(&format!("library/{}", source.name), library::title(&source.name))
    }
}

fn distribution_part(entry: &DistributionEntry) -> Part {
    let record = entry
        .record_sha256
        .map(|digest| ("record-sha256", digest.to_string()));
    Part {
        version: Some(entry.version.clone()).filter(|version| !version.is_empty()),
        license: License::read(entry.license.as_deref()),
        sha256: entry.sha256,
        purl: Some(entry.purl.clone()),
        properties: record.into_iter().collect(),
        ..Part::new(&distribution_id(entry), &entry.name)
    }
}

/// Lists the top-level names of dependencies' modules that no installed distribution lists, sorted.
pub(crate) fn undeclared_modules(report: &Report) -> BTreeSet<String> {
    let owners = report
        .modules
        .iter()
        .filter_map(|module| owner_of(module, &report.distributions));
    owners
        .filter_map(|id| Some(id.strip_prefix(UNDECLARED)?.to_owned()))
        .collect()
}

fn undeclared_part(name: &String) -> Part {
    Part {
        properties: vec![("undeclared", "no installed distribution lists it".to_owned())],
        ..Part::new(&format!("{UNDECLARED}{name}"), name)
    }
}

fn generic_purl(name: &str, version: Option<&str>) -> Option<String> {
    let mut url = PackageUrl::new("generic", name.to_owned()).ok()?;
    if let Some(version) = version {
        url.with_version(version.to_owned()).ok()?;
    }
    Some(url.to_string())
}
