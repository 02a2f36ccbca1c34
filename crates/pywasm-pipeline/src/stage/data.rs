//! Finds and reads the files of the project, of reached packages and of the base's time zones that come along as
//! they are.

use pywasm_diagnostic::Diagnostic;
use pywasm_project::{DataFile, PackageFolder, package_data};
use pywasm_report::format_size;
use pywasm_resolve::{Choice, Module, ModuleKind, Origin, PackageData};

use super::{metadata, resolve::Resolution};
use crate::{Error, context::Context};

/// From how many bytes on a warning asks for a choice.
const LARGE: u64 = 2_000_000;

/// Where the base's standard library has the files of time zones (`recipe/zones.py`).
const ZONES: &str = "zoneinfo/zones";

/// A file of the image.
pub(crate) struct File {
    /// Where it stands, relative to the mount.
    pub(crate) place: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn read(context: &Context<'_>, resolution: &Resolution) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for (origin, file) in list(context, resolution)? {
        files.push(File {
            place: context.layout().place(origin, &file.guest),
            bytes: resolution.sources.read(&file.host)?.to_vec(),
        });
    }
    for (place, text) in metadata::own_files(context.project, resolution) {
        files.push(File {
            place: context.layout().place(Origin::App, &place),
            bytes: text.into_bytes(),
        });
    }
    files.sort_by(|a, b| a.place.cmp(&b.place));
    files.dedup_by(|a, b| a.place == b.place);
    Ok(files)
}

/// The files themselves, unread; two may have one place, which the first one gets.
pub(crate) fn list(context: &Context<'_>, resolution: &Resolution) -> Result<Vec<(Origin, DataFile)>, Error> {
    let project = context.project;
    let mut files = Vec::new();
    for file in project.data_files(&resolution.graph.package_folders(Origin::App))? {
        files.push((Origin::App, file));
    }
    let dependencies = resolution.graph.package_folders(Origin::Dependency);
    let globs = globs(&resolution.graph.hooks.data);
    let choices = &resolution.graph.hooks.choices;
    let is_kept = |file: &DataFile| {
        choices.iter().all(|choice| {
            let part = choice.part_of_file(&file.guest);
            part.is_none_or(|part| choice.keeps(part))
        })
    };
    for root in &project.paths {
        let inside: Vec<PackageFolder> = dependencies
            .iter()
            .filter(|package| package.host.starts_with(root))
            .cloned()
            .collect();
        for file in package_data(root, &inside, &globs)?.into_iter().filter(is_kept) {
            files.push((Origin::Dependency, file));
        }
    }
    for file in metadata::files(&project.paths, resolution)? {
        files.push((Origin::Dependency, file));
    }
    if resolution.graph.reads_zones {
        let zones = PackageFolder {
            host: context.base.stdlib().join(ZONES),
            guest: ZONES.to_owned(),
        };
        for file in package_data(&context.base.stdlib(), &[zones], &[])?
            .into_iter()
            .filter(is_kept)
        {
            files.push((Origin::Stdlib, file));
        }
    }
    Ok(files)
}

/// Warns of packages with many parts of which the project has not chosen any.
pub(crate) fn warn_of_choices(
    context: &Context<'_>,
    resolution: &Resolution,
) -> Result<Vec<Diagnostic>, Error> {
    let graph = &resolution.graph;
    let open: Vec<&Choice> = graph
        .hooks
        .choices
        .iter()
        .filter(|choice| !choice.is_made())
        .collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let files = list(context, resolution)?;
    let warn = |choice: &&Choice| {
        let of_file = |(_, file): &&(Origin, DataFile)| choice.part_of_file(&file.guest).is_some();
        let in_files: u64 = files.iter().filter(of_file).map(|(_, file)| file.size).sum();
        let of_module = |module: &&Module| choice.part_of_module(&module.name).is_some();
        let sizes = graph
            .modules
            .values()
            .filter(of_module)
            .map(|module| match module.kind {
                ModuleKind::Source { size, .. } => size,
                _ => 0,
            });
        let bytes = in_files + sizes.sum::<u64>();
        (bytes >= LARGE).then(|| {
            let Choice { package, what, .. } = choice;
            Diagnostic::new(format!(
                "`{package}` brings all its {what}, {} of files",
                format_size(bytes)
            ))
            .with_hint(format!(
                "name those that the program needs: `{package} = [\"NAME\"]` under [tool.pywasm.keep], or `{package} = [\"*\"]` to keep all"
            ))
        })
    };
    Ok(open.iter().filter_map(warn).collect())
}

/// The globs of hooks, which count from a package's folder, as those of a root of imports.
fn globs(hooked: &[PackageData]) -> Vec<String> {
    let mut globs = Vec::new();
    for data in hooked {
        let folder = data.package.replace('.', "/");
        globs.extend(data.files.iter().map(|glob| match glob.strip_prefix('!') {
            Some(glob) => format!("!{folder}/{glob}"),
            None => format!("{folder}/{glob}"),
        }));
    }
    globs
}
