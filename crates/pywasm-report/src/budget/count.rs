//! Counts what a limit is about in a report, and describes each figure in words.

use super::{BudgetTarget, Unit};
use crate::{ArtifactEntry, Report, Stage, StageOutput, brotli_file_name, module_file_name};

/// One figure.
pub(super) struct Figure {
    /// What the figure counts.
    pub(super) counts: String,
    pub(super) unit: Unit,
    pub(super) value: Value,
}

/// The value of a figure.
pub(super) enum Value {
    /// Bytes, or modules.
    Known(u64),
    /// The artifact does not have it; the text says why.
    Absent(String),
    /// Nobody knows; the text says why.
    Unknown(String),
}

/// Counts all figures that a limit on `target` applies to; at least one.
pub(super) fn figures(report: &Report, target: &BudgetTarget, gzip: Option<u64>) -> Vec<Figure> {
    let project = &report.project.name;
    let (module, brotli) = (module_file_name(project), brotli_file_name(project));
    let one = |counts: String, value| {
        vec![Figure {
            counts,
            unit: Unit::Bytes,
            value,
        }]
    };
    match target {
        BudgetTarget::Wasm => {
            let value = count_file(report, "wasm", &module);
            one(module, value)
        }
        BudgetTarget::Brotli => one(
            format!("brotli -q 11 of {module}"),
            count_file(report, "brotli", &brotli),
        ),
        BudgetTarget::Gzip => one(
            format!("gzip -9 of {module}"),
            match gzip {
                Some(bytes) => Value::Known(bytes),
                None => Value::Unknown(format!(
                    "the report does not give the gzip size, and {module} is not in the same folder"
                )),
            },
        ),
        BudgetTarget::Cwasm => {
            let figures = machine_code_figures(report);
            if figures.is_empty() {
                let reason = "nothing was compiled ahead of time".to_owned();
                return one(format!("{project}.TARGET.cwasm"), Value::Absent(reason));
            }
            figures
        }
        BudgetTarget::Modules => vec![Figure {
            counts: "modules in the artifact".to_owned(),
            unit: Unit::Modules,
            value: Value::Known(report.modules.len() as u64),
        }],
        BudgetTarget::Stage(stage) => {
            let row = report.stages.iter().find(|row| row.stage == *stage);
            let value = match row {
                Some(row) => Value::Known(row.bytes_out),
                None => Value::Absent("the build did not run this stage".to_owned()),
            };
            one(describe_stage(stage), value)
        }
        BudgetTarget::Package(pattern) => {
            let (counts, value) = package_figure(report, pattern);
            one(counts, value)
        }
    }
}

/// Counts each file of machine code that wasmtime made.
fn machine_code_figures(report: &Report) -> Vec<Figure> {
    let files = report.artifacts.iter().filter(|file| file.kind == "cwasm");
    let figure = |file: &ArtifactEntry| Figure {
        counts: file.file.clone(),
        unit: Unit::Bytes,
        value: Value::Known(file.bytes),
    };
    files.map(figure).collect()
}

/// Counts the modules and data files that match a pattern.
fn package_figure(report: &Report, pattern: &str) -> (String, Value) {
    let (bytes, modules, files) = count_package(report, pattern);
    let counts = format!("image bytes of {}", describe_pattern(pattern));
    if modules + files == 0 {
        let reason = "no module or data file in the artifact matches".to_owned();
        return (counts, Value::Absent(reason));
    }
    let (modules, files) = (plural(modules, "module"), plural(files, "data file"));
    (format!("{counts}: {modules}, {files}"), Value::Known(bytes))
}

fn count_file(report: &Report, kind: &str, name: &str) -> Value {
    match report.artifacts.iter().find(|file| file.kind == kind) {
        Some(file) => Value::Known(file.bytes),
        None => Value::Absent(format!("the build did not write {name}")),
    }
}

fn describe_stage(stage: &str) -> String {
    let Some(known) = Stage::from_name(stage) else {
        return format!("output of the stage {stage}");
    };
    match known.output() {
        StageOutput::Graph => "source bytes of all reached modules".to_owned(),
        StageOutput::Interpreter => format!("output of the stage {stage} (the interpreter)"),
        StageOutput::Files if known == Stage::Compress => {
            format!("output of the stage {stage} (the .wasm.br)")
        }
        StageOutput::Module | StageOutput::Files | StageOutput::Nothing => {
            format!("output of the stage {stage}")
        }
    }
}

fn describe_pattern(pattern: &str) -> String {
    if pattern.contains('*') {
        pattern.to_owned()
    } else {
        format!("{pattern} and everything below it")
    }
}

fn count_package(report: &Report, pattern: &str) -> (u64, usize, usize) {
    let modules = report
        .modules
        .iter()
        .filter(|module| matches(pattern, &module.name));
    let (mut bytes, mut count, mut files) = (0_u64, 0, 0);
    for module in modules {
        bytes = bytes.saturating_add(module.image_bytes);
        count += 1;
    }
    for file in &report.data {
        if matches(pattern, &folder_of(&file.path)) {
            bytes = bytes.saturating_add(file.bytes);
            files += 1;
        }
    }
    (bytes, count, files)
}

/// Whether a pattern matches the name of a module, or of the folder of a data file.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        let below = name.strip_prefix(pattern);
        return below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = rest.split('*').collect();
    let (last, middle) = parts.split_last().unwrap_or((&"", &[]));
    for part in middle {
        match name.find(part) {
            Some(at) => name = &name[at + part.len()..],
            None => return false,
        }
    }
    name.ends_with(last)
}

/// Returns the dotted name of a data file's folder: `almanac.data` for
/// `/pywasm/app/almanac/data/moons.csv`, and an empty name at the top.
pub(super) fn folder_of(path: &str) -> String {
    let inside = path.strip_prefix("/pywasm/app/").or_else(|| {
        let inside = path.strip_prefix("/pywasm/lib/")?.split_once('/')?.1;
        Some(inside.strip_prefix("site-packages/").unwrap_or(inside))
    });
    let folder = inside.and_then(|inside| inside.rsplit_once('/'));
    folder.map_or_else(String::new, |(folder, _)| folder.replace('/', "."))
}

/// Ranks a module by its distance from what its author wrote: the app first, builtin modules last.
pub(super) fn distance(report: &Report, name: &str) -> usize {
    // Modules of a report are sorted by name.
    let at = report
        .modules
        .binary_search_by(|module| module.name.as_str().cmp(name));
    let origin = at.ok().map_or("", |at| report.modules[at].origin.as_str());
    let known = ["app", "dependency", "stdlib"]
        .iter()
        .position(|&known| known == origin);
    known.unwrap_or(3)
}

/// Counts with a noun: `1 module`, `2 modules`.
pub(super) fn plural(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_matches_everything_below_it() {
        for (pattern, name, is) in [
            ("rich", "rich", true),
            ("rich", "rich.console", true),
            ("rich", "richer", false),
            ("rich.*", "rich", false),
            ("rich.*", "rich.a.b", true),
            ("*.tests*", "a.tests.b", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, name), is, "{pattern} {name}");
        }
    }

    #[test]
    fn data_files_count_in_their_folder() {
        for (path, name) in [
            ("/pywasm/app/almanac/data/moons.csv", "almanac.data"),
            ("/pywasm/app/moons.csv", ""),
            ("/pywasm/lib/python3.13/json/x.txt", "json"),
            ("/pywasm/lib/python3.13/site-packages/rich/a/b.txt", "rich.a"),
            ("/pywasm/lib", ""),
            ("", ""),
        ] {
            assert_eq!(folder_of(path), name, "{path}");
        }
    }
}
