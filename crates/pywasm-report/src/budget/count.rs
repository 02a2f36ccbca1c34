//! The counting: a subject and a report in, each figure that the limit is for, with the words that
//! say what it counts.

use super::{Subject, Unit};
use crate::{Report, Stage, StageOutput};

/// One figure.
pub(super) struct Figure {
    pub(super) counts: String,
    pub(super) unit: Unit,
    pub(super) value: Value,
}

/// What was found.
pub(super) enum Value {
    /// Bytes, or modules.
    There(u64),
    /// The artifact has no such thing.
    Absent(String),
    /// It cannot be told.
    Unknown(String),
}

/// All figures that a limit for `subject` holds for; at least one.
pub(super) fn figures(report: &Report, subject: &Subject, gzip: Option<u64>) -> Vec<Figure> {
    let name = &report.project.name;
    let one = |counts: String, value| {
        vec![Figure {
            counts,
            unit: Unit::Bytes,
            value,
        }]
    };
    match subject {
        Subject::Wasm => one(
            format!("{name}.wasm"),
            file(report, "wasm", &format!("{name}.wasm")),
        ),
        Subject::Brotli => one(
            format!("brotli -q 11 of {name}.wasm"),
            file(report, "brotli", &format!("{name}.wasm.br")),
        ),
        Subject::Gzip => one(
            format!("gzip -9 of {name}.wasm"),
            match gzip {
                Some(bytes) => Value::There(bytes),
                None => Value::Unknown(format!(
                    "the report lacks the figure, and {name}.wasm is not beside it"
                )),
            },
        ),
        Subject::Cwasm => {
            let files = report.artifacts.iter().filter(|file| file.kind == "cwasm");
            let mut figures: Vec<Figure> = files
                .map(|file| Figure {
                    counts: file.file.clone(),
                    unit: Unit::Bytes,
                    value: Value::There(file.bytes),
                })
                .collect();
            if figures.is_empty() {
                let reason = "nothing was compiled ahead of time".to_owned();
                figures = one(format!("{name}.TARGET.cwasm"), Value::Absent(reason));
            }
            figures
        }
        Subject::Modules => vec![Figure {
            counts: "modules in the artifact".to_owned(),
            unit: Unit::Modules,
            value: Value::There(report.modules.len() as u64),
        }],
        Subject::Stage(stage) => {
            let row = report.stages.iter().find(|row| row.stage == *stage);
            let value = match row {
                Some(row) => Value::There(row.bytes_out),
                None => Value::Absent("the build had no such stage".to_owned()),
            };
            one(stage_counts(stage), value)
        }
        Subject::Package(pattern) => {
            let (bytes, modules, files) = package(report, pattern);
            let counts = format!("image bytes of {}", scope(pattern));
            if modules + files == 0 {
                return one(
                    counts,
                    Value::Absent("nothing in the artifact matches".to_owned()),
                );
            }
            let (modules, files) = (plural(modules, "module"), plural(files, "data file"));
            one(format!("{counts}: {modules}, {files}"), Value::There(bytes))
        }
    }
}

fn file(report: &Report, kind: &str, name: &str) -> Value {
    match report.artifacts.iter().find(|file| file.kind == kind) {
        Some(file) => Value::There(file.bytes),
        None => Value::Absent(format!("the build wrote no {name}")),
    }
}

fn stage_counts(stage: &str) -> String {
    let Some(known) = Stage::named(stage) else {
        return format!("what the stage {stage} gives");
    };
    match known.output() {
        StageOutput::Graph => "source bytes of all modules that are reached".to_owned(),
        StageOutput::Interpreter => format!("what the stage {stage} gives: the interpreter"),
        StageOutput::Files if known == Stage::Compress => {
            format!("what the stage {stage} gives: the .wasm.br")
        }
        StageOutput::Module | StageOutput::Files | StageOutput::Nothing => {
            format!("what the stage {stage} gives")
        }
    }
}

fn scope(pattern: &str) -> String {
    if pattern.contains('*') {
        pattern.to_owned()
    } else {
        format!("{pattern} and all below it")
    }
}

fn package(report: &Report, pattern: &str) -> (u64, usize, usize) {
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
        if matches(pattern, &folder(&file.path)) {
            bytes = bytes.saturating_add(file.bytes);
            files += 1;
        }
    }
    (bytes, count, files)
}

/// Whether a module, or the folder of a data file, is what a pattern means.
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

/// The dotted name of the folder that a data file stands in: `almanac.data` for
/// `/pywasm/app/almanac/data/moons.csv`; empty beside the top modules.
pub(super) fn folder(path: &str) -> String {
    let inside = path.strip_prefix("/pywasm/app/").or_else(|| {
        let inside = path.strip_prefix("/pywasm/lib/")?.split_once('/')?.1;
        Some(inside.strip_prefix("site-packages/").unwrap_or(inside))
    });
    let folder = inside.and_then(|inside| inside.rsplit_once('/'));
    folder.map_or_else(String::new, |(folder, _)| folder.replace('/', "."))
}

/// How near a module is to what its author wrote: the app first, builtin modules last.
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

/// `1 module`, `2 modules`.
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
    fn a_name_stands_for_all_below_it() {
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
    fn data_files_count_where_they_stand() {
        for (path, name) in [
            ("/pywasm/app/almanac/data/moons.csv", "almanac.data"),
            ("/pywasm/app/moons.csv", ""),
            ("/pywasm/lib/python3.13/json/x.txt", "json"),
            ("/pywasm/lib/python3.13/site-packages/rich/a/b.txt", "rich.a"),
            ("/pywasm/lib", ""),
            ("", ""),
        ] {
            assert_eq!(folder(path), name, "{path}");
        }
    }
}
