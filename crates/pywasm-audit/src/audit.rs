//! Audits a project: runs the steps in their order.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use pywasm_deps::Distribution;
use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::{GroupItem, Project};
use pywasm_report::ComponentEntry;
use pywasm_resolve::{ModuleGraph, ModuleKind, Root};

use crate::model::{Audit, DistributionAudit, Level, Problem, SCHEMA, Spot, Summary, Target, Tool, Verdict};
use crate::{absent, blocked, calls, judge, remedy, site, tree};

/// What to audit.
pub struct Input<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its modules, as far as imports could be followed.
    pub graph: &'a ModuleGraph,
    /// What stops a build.
    pub errors: &'a [Diagnostic],
    /// What may go wrong.
    pub warnings: &'a [Diagnostic],
    /// The world that the program stands behind.
    pub component: Option<&'a ComponentEntry>,
    /// Where modules were looked for.
    pub roots: &'a [Root],
    /// What is installed there.
    pub distributions: &'a [Distribution],
    /// The names of the standard library's modules, those that WASI lacks included.
    pub stdlib_names: &'a std::collections::BTreeSet<String>,
    /// The platform, and the base's Python.
    pub target: pywasm_target::Target,
    /// The base's id.
    pub base: &'a str,
    /// The version of pywasm.
    pub version: &'a str,
}

/// Judges a project and all that it depends on.
pub fn audit(input: &Input<'_>) -> Audit {
    let owners = owners(input);
    let declared = declared(input.project);
    let names: Vec<String> = declared.iter().map(|(text, _)| text.clone()).collect();
    let paths = tree::paths(&names, input.distributions, input.target);
    let mut distributions: Vec<DistributionAudit> = input
        .distributions
        .iter()
        .map(|distribution| {
            let path = paths.get(&distribution.name).cloned().unwrap_or_default();
            judge::distribution(input, distribution, path)
        })
        .collect();
    mark_blocked(input, &owners, &mut distributions);
    distributions.extend(judge::strays(input, &distributions));
    distributions.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    for audited in &mut distributions {
        remedy::take_fallback(audited);
        find_chain(input, audited, &declared);
        audited.remedies = remedy::suggest(audited, input.distributions);
    }
    let stdlib = absent::find(input);
    let owner_of = |module: &str| {
        owners
            .get(module)
            .map(|number| input.distributions[*number].name.clone())
    };
    let calls = calls::find(input, &owner_of);
    let problems = problems(input);
    let mut audit = Audit {
        schema: SCHEMA,
        tool: Tool {
            name: "pywasm".to_owned(),
            version: input.version.to_owned(),
        },
        project: input.project.name.clone(),
        target: Target {
            platform: pywasm_target::PLATFORM.to_owned(),
            python: input.target.python.to_string(),
            base: input.base.to_owned(),
        },
        summary: Summary::default(),
        component: input.component.cloned(),
        distributions,
        stdlib,
        calls,
        problems,
    };
    audit.summary = summary(&audit);
    audit
}

impl Audit {
    /// The level of each finding.
    fn levels(&self) -> impl Iterator<Item = Level> {
        let distributions = self.distributions.iter().map(|one| one.level);
        distributions
            .chain(self.stdlib.iter().map(|one| one.level))
            .chain(self.calls.iter().map(|one| one.level))
            .chain(self.problems.iter().map(|one| one.level))
    }
}

fn summary(audit: &Audit) -> Summary {
    let of = |verdict| {
        audit
            .distributions
            .iter()
            .filter(|one| one.verdict == verdict)
            .count()
    };
    Summary {
        errors: audit.levels().filter(|level| *level == Level::Error).count(),
        warnings: audit.levels().filter(|level| *level == Level::Warning).count(),
        pure: of(Verdict::Pure),
        fallback: of(Verdict::Fallback),
        wasi: of(Verdict::Wasi),
        native: of(Verdict::Native),
    }
}

/// The number of the distribution that each module of the graph comes from.
fn owners<'g>(input: &Input<'g>) -> HashMap<&'g str, usize> {
    let mut files: HashMap<(&Path, &str), usize> = HashMap::new();
    for (number, distribution) in input.distributions.iter().enumerate() {
        let Some(folder) = distribution.folder.parent() else {
            continue;
        };
        for file in &distribution.files {
            files.insert((folder, &file.path), number);
        }
    }
    let folders: Vec<&Path> = input.roots.iter().map(|root| root.path.as_path()).collect();
    let mut owners = HashMap::new();
    for module in input.graph.modules.values() {
        let ModuleKind::Source { path, relative, .. } = &module.kind else {
            continue;
        };
        let root = folders.iter().find(|folder| folder.join(relative) == *path);
        if let Some(number) = root.and_then(|root| files.get(&(*root, relative.as_str()))) {
            owners.insert(module.name.as_str(), *number);
        }
    }
    owners
}

/// What the project itself requires, with the place.
fn declared(project: &Project) -> Vec<(String, Option<Location>)> {
    let dependencies = &project.dependencies;
    let mut found: Vec<(String, Option<Location>)> = Vec::new();
    let mut take = |request: &pywasm_project::Spanned<String>| {
        found.push((request.value.clone(), request.place.clone()))
    };
    dependencies.declared.iter().for_each(&mut take);
    let normal = |name: &str| pywasm_deps::normalize(name);
    for extra in &dependencies.extras {
        for (name, requests) in &dependencies.optional {
            if normal(name) == normal(&extra.value) {
                requests.iter().for_each(&mut take);
            }
        }
    }
    let mut open: Vec<String> = dependencies
        .with_groups
        .iter()
        .map(|group| normal(&group.value))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(group) = open.pop() {
        if !seen.insert(group.clone()) {
            continue;
        }
        let items = dependencies
            .groups
            .iter()
            .filter(|(name, _)| normal(name) == group);
        for item in items.flat_map(|(_, items)| items) {
            match item {
                GroupItem::Requirement(request) => take(request),
                GroupItem::Include(include) => open.push(normal(&include.value)),
            }
        }
    }
    found
}

fn mark_blocked(input: &Input<'_>, owners: &HashMap<&str, usize>, distributions: &mut [DistributionAudit]) {
    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    for (number, audited) in distributions.iter().enumerate() {
        holders.extend(audited.files.iter().map(|file| (file.file.clone(), number)));
    }
    let owner = |module: &str| owners.get(module).copied();
    let holder = |file: &str| holders.get(file).copied();
    for (number, blocked) in blocked::find(input.graph, &owner, &holder) {
        let names: Vec<String> = blocked
            .by
            .iter()
            .map(|by| distributions[*by].name.clone())
            .collect();
        let audited = &mut distributions[number];
        if audited.level < Level::Error {
            audited.level = Level::Error;
            audited.reason = format!(
                "{}, but `{}` cannot be imported without {}",
                audited.reason,
                blocked.module,
                names.join(" and ")
            );
            if let Some(chain) = input.graph.why(&blocked.module) {
                audited.place = site::last_in_project(input.graph, &chain.steps);
                audited.chain = chain.steps.iter().map(ToString::to_string).collect();
            }
        }
        audited.blocked_by = names;
    }
}

/// Finds the chain of imports, and the place in the project that it begins at.
fn find_chain(input: &Input<'_>, audited: &mut DistributionAudit, declared: &[(String, Option<Location>)]) {
    let first = audited.worst_file();
    if let Some(file) = first.filter(|_| audited.chain.is_empty()) {
        let misses = judge::misses(input, &file.file);
        let worst = misses.first().map(|miss| miss.severity);
        let chains = misses
            .iter()
            .take_while(|miss| Some(miss.severity) == worst)
            .take(20);
        let shortest = chains
            .map(|miss| site::chain(input.graph, miss))
            .min_by_key(|(steps, _)| steps.len());
        if let Some((steps, place)) = shortest {
            audited.chain = steps;
            audited.place = place;
        }
    }
    if audited.place.is_none()
        && let Some(first) = audited.path.first()
    {
        let asks = |text: &str| {
            pywasm_deps::read_requirement(text, input.target, &[]).is_some_and(|one| one.name == *first)
        };
        let place = declared
            .iter()
            .find(|(text, _)| asks(text))
            .and_then(|(_, place)| place.as_ref());
        audited.place = place.map(|place| Spot {
            file: place.file.clone(),
            line: place.line,
            column: place.column,
            in_project: true,
        });
    }
    if audited.place.is_none() && audited.level >= Level::Note {
        let entry = input.graph.modules.get(&input.graph.entry.module);
        audited.place = entry.map(|module| Spot {
            file: module.shown.clone(),
            line: 0,
            column: 0,
            in_project: true,
        });
    }
}

/// What stops a build or may go wrong, except missing modules, which have a verdict.
fn problems(input: &Input<'_>) -> Vec<Problem> {
    let has_verdict = |diagnostic: &Diagnostic| {
        let misses = input.graph.misses.iter();
        misses
            .filter(|miss| absent::has_verdict(miss, input))
            .any(|miss| miss.reason == diagnostic.message)
    };
    let errors = input.errors.iter().map(|diagnostic| (Level::Error, diagnostic));
    let warnings = input
        .warnings
        .iter()
        .map(|diagnostic| (Level::Warning, diagnostic));
    errors
        .chain(warnings)
        .filter(|(_, diagnostic)| !has_verdict(diagnostic))
        .map(|(level, diagnostic)| Problem {
            // In a file of a dependency it is not the user's, and most of these are about what
            // the dependency can do without.
            level: match site::spot(diagnostic, input.graph) {
                Some(spot) if !spot.in_project && level == Level::Warning => Level::Note,
                _ => level,
            },
            message: diagnostic.message.clone(),
            place: site::spot(diagnostic, input.graph),
            notes: diagnostic.notes.clone(),
            hint: diagnostic.hint.clone(),
        })
        .collect()
}
