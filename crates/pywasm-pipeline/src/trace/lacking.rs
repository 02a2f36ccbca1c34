//! What a program did in, the lines of `include` and `data` that a build lacks out.

use std::collections::BTreeSet;
use std::path::Path;

use pywasm_base::Base;
use pywasm_project::Project;
use pywasm_resolve::Origin;
use pywasm_target::abi::guest;

use super::{Files, Trace, TraceEnd, everything::module, record::Record};
use crate::{
    Error,
    context::Context,
    stage::{
        data,
        layout::Layout,
        resolve::{self, Resolution},
    },
};

/// Compares the record with what a build bundles.
pub(super) fn lacking(
    context: &Context<'_>,
    ended: TraceEnd,
    record: &Record,
    files: &Files,
    normal: Resolution,
) -> Result<Trace, Error> {
    let opened: BTreeSet<&str> = record
        .opened
        .iter()
        .filter_map(|path| path.strip_prefix(guest::MOUNT)?.strip_prefix('/'))
        .filter(|place| files.contains_key(*place))
        .collect();
    let names = modules(files);
    let mut include = BTreeSet::new();
    let mut reached = normal;
    let mut problems = Vec::new();
    loop {
        let round = next(record, &reached, &include, &names, context.base);
        let data = data_of(context, &opened, record, files, &reached)?;
        let round: BTreeSet<String> = round.into_iter().chain(data.packages.clone()).collect();
        let is_last = round.is_subset(&include) || !problems.is_empty();
        include.extend(round);
        if is_last {
            return Ok(Trace {
                problems,
                ended,
                include: collapsed(&include, &names, record),
                data: data.globs,
                missing: record.raised.iter().cloned().collect(),
                unreachable: data.unreachable,
                imported: record.imported.len(),
                opened: opened.len(),
            });
        }
        match with(context, &include) {
            Ok(more) => reached = more,
            Err(Error::Resolve(error)) => problems = error.errors.iter().map(ToString::to_string).collect(),
            Err(error) => return Err(error),
        }
    }
}

/// The modules that the files are.
fn modules(files: &Files) -> BTreeSet<String> {
    let names = files
        .values()
        .filter_map(|file| file.relative.strip_suffix(".py"));
    names.map(module).collect()
}

/// What a build with more in `include` bundles.
fn with(context: &Context<'_>, include: &BTreeSet<String>) -> Result<Resolution, Error> {
    let mut project = context.project.clone();
    let wanted = include.iter().filter_map(|name| name.parse().ok());
    project.include.extend(wanted);
    resolve::resolve(&project, context.base, context.settings, context.tools.cache)
}

/// Modules that were imported and that the build has not. Those that another of them asked for
/// come with it, as long as it names them; if not, they come in the next round.
fn next(
    record: &Record,
    reached: &Resolution,
    include: &BTreeSet<String>,
    names: &BTreeSet<String>,
    base: &Base,
) -> BTreeSet<String> {
    let is_there = |name: &str| reached.graph.modules.contains_key(name);
    let is_known = |name: &str| {
        let manifest = base.manifest();
        let top = name.split('.').next().unwrap_or(name);
        let is_stdlib = manifest.stdlib_names.iter().any(|known| known == top);
        names.contains(name) || is_stdlib
    };
    let lacking: BTreeSet<&str> = record
        .imported
        .keys()
        .map(String::as_str)
        .filter(|name| !is_there(name) && !include.contains(*name) && is_known(name))
        .collect();
    let first: BTreeSet<String> = lacking
        .iter()
        .filter(|name| {
            let who = record.imported.get(**name).map_or("", String::as_str);
            // A package comes with each of its modules.
            let parent = format!("{name}.");
            !lacking.contains(who) && !lacking.iter().any(|other| other.starts_with(&parent))
        })
        .map(|name| (*name).to_owned())
        .collect();
    match first.is_empty() {
        true => lacking.into_iter().take(1).map(str::to_owned).collect(),
        false => first,
    }
}

/// Names, and a pattern in the place of those that are all of a package.
fn collapsed(include: &BTreeSet<String>, names: &BTreeSet<String>, record: &Record) -> Vec<String> {
    let mut left = include.clone();
    let mut lines = BTreeSet::new();
    let mut packages: BTreeSet<&str> = BTreeSet::new();
    for name in include {
        packages.extend(name.match_indices('.').map(|(end, _)| &name[..end]));
    }
    for package in innermost(packages, |package| within(&left, package, '.')) {
        let below = format!("{package}.");
        let all: Vec<&String> = names.iter().filter(|name| name.starts_with(&below)).collect();
        let mine = within(&left, package, '.');
        // Of the standard library nothing is known here, and all of it is never meant.
        if mine > 1 && !all.is_empty() && all.iter().all(|name| record.imported.contains_key(*name)) {
            left.retain(|name| !name.starts_with(&below));
            lines.insert(format!("{package}.*"));
        }
    }
    lines.extend(left);
    lines.into_iter().collect()
}

/// How many of the names are in a package, or the paths in a folder.
fn within(names: &BTreeSet<String>, folder: &str, separator: char) -> usize {
    let below = format!("{folder}{separator}");
    names.iter().filter(|name| name.starts_with(&below)).count()
}

/// Packages or folders, the outermost first, without those that hold no more than one inside of
/// them does.
fn innermost(folders: BTreeSet<&str>, held: impl Fn(&str) -> usize) -> Vec<&str> {
    let counts: Vec<(&str, usize)> = folders.into_iter().map(|name| (name, held(name))).collect();
    let is_outer = |name: &str, count: usize| {
        let is_inside = |other: &str| {
            other
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(['.', '/']))
        };
        counts
            .iter()
            .any(|(other, inside)| *inside == count && is_inside(other))
    };
    let kept = counts.iter().filter(|(name, count)| !is_outer(name, *count));
    kept.map(|(name, _)| *name).collect()
}

/// What the data files that were read ask for.
#[derive(Default)]
struct Wanted {
    /// Globs of `data`.
    globs: Vec<String>,
    /// Packages whose data they are.
    packages: BTreeSet<String>,
    /// Files that neither can bring.
    unreachable: Vec<String>,
}

fn data_of(
    context: &Context<'_>,
    opened: &BTreeSet<&str>,
    record: &Record,
    files: &Files,
    reached: &Resolution,
) -> Result<Wanted, Error> {
    let bundled: BTreeSet<String> = data::read(context, reached)?
        .into_iter()
        .map(|file| file.place)
        .collect();
    let mut wanted = Wanted::default();
    let mut own = BTreeSet::new();
    for place in opened.iter().filter(|place| !bundled.contains(**place)) {
        let Some(file) = files.get(*place) else { continue };
        if let Some(path) = file.relative.strip_suffix(".py")
            && (record.imported.contains_key(&module(path))
                || reached.graph.modules.contains_key(&module(path)))
        {
            // A module, whose source is looked at or loaded.
            continue;
        }
        match file.origin {
            Origin::App => {
                own.insert(*place);
            }
            _ => match package_of(context.layout(), &file.relative, files) {
                Some(package) if !reached.graph.modules.contains_key(&package) => {
                    wanted.packages.insert(package);
                }
                _ => wanted
                    .unreachable
                    .push(format!("site-packages/{}", file.relative)),
            },
        }
    }
    wanted.globs = globs(&own, &bundled, files, context.project);
    Ok(wanted)
}

/// The package that a dependency's file lies in.
fn package_of(layout: Layout, relative: &str, files: &Files) -> Option<String> {
    let mut folder = relative;
    while let Some((parent, _)) = folder.rsplit_once('/') {
        let init = layout.place(Origin::Dependency, &format!("{parent}/__init__.py"));
        if files.contains_key(&init) {
            return Some(parent.replace('/', "."));
        }
        folder = parent;
    }
    None
}

/// Files as globs that count from the project's folder: the folder's name where all in it was read.
fn globs(own: &BTreeSet<&str>, bundled: &BTreeSet<String>, files: &Files, project: &Project) -> Vec<String> {
    let from_root = |host: &Path| {
        let path = host.strip_prefix(&project.root).unwrap_or(host);
        path.to_string_lossy().replace('\\', "/")
    };
    let host = |place: &str| files.get(place).map(|file| from_root(&file.host));
    // All files that could be named, and whether they are to be there.
    let all: Vec<(String, bool)> = files
        .iter()
        .filter(|(_, file)| file.origin == Origin::App)
        .map(|(place, file)| {
            let is_there = own.contains(place.as_str()) || bundled.contains(place);
            (from_root(&file.host), is_there)
        })
        .collect();
    let mut left: BTreeSet<String> = own.iter().filter_map(|place| host(place)).collect();
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for path in &left {
        folders.extend(path.match_indices('/').map(|(end, _)| path[..end].to_owned()));
    }
    let mut lines = BTreeSet::new();
    let folders: BTreeSet<&str> = folders.iter().map(String::as_str).collect();
    for folder in innermost(folders, |folder| within(&left, folder, '/')) {
        let below = format!("{folder}/");
        let mut inside = all.iter().filter(|(path, _)| path.starts_with(&below));
        if within(&left, folder, '/') > 1 && inside.all(|(_, is_there)| *is_there) {
            left.retain(|path| !path.starts_with(&below));
            lines.insert(escaped(folder));
        }
    }
    lines.extend(left.iter().map(|path| escaped(path)));
    lines.into_iter().collect()
}

/// The path as a glob that matches nothing else.
fn escaped(path: &str) -> String {
    let mut glob = String::new();
    if path.starts_with('!') {
        glob.push_str("./");
    }
    for letter in path.chars() {
        if "*?[]{}\\".contains(letter) {
            glob.push('\\');
        }
        glob.push(letter);
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_pattern_stands_for_a_package_of_which_all_was_imported() {
        let names = set(&["a", "a.b", "a.b.c", "a.b.d", "ab.c", "ab.d", "ab.e"]);
        let imported = [
            "a",
            "a.b",
            "a.b.c",
            "a.b.d",
            "ab.c",
            "ab.d",
            "encodings.big5",
            "encodings.gbk",
        ];
        let record = Record {
            imported: imported.map(|name| (name.to_owned(), String::new())).into(),
            ..Record::default()
        };
        let include = set(&[
            "a.b.c",
            "a.b.d",
            "ab.c",
            "ab.d",
            "encodings.big5",
            "encodings.gbk",
        ]);
        assert_eq!(
            collapsed(&include, &names, &record),
            ["a.b.*", "ab.c", "ab.d", "encodings.big5", "encodings.gbk"]
        );
    }

    #[test]
    fn a_glob_matches_nothing_but_its_file() {
        assert_eq!(escaped("a/b[1]*.txt"), "a/b\\[1\\]\\*.txt");
        assert_eq!(escaped("!a"), "./!a");
    }
}
