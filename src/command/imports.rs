//! Explains what a run imported: a folder for the artifact's record comes in, text about it goes out.
//!
//! Only artifacts of the profile `dev` write the record, when they find the mounted folder. What they
//! write is in `_pywasm_imports.py` of the pipeline.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
    fs,
};

use pywasm_engine::Mount;
use pywasm_host::WorkFolder;

/// Where the artifact looks for the record.
const MOUNT: &str = "/.pywasm-imports";
const RECORD: &str = "record";

/// The widest line of names.
const WIDTH: usize = 100;

/// The record of one run, on this machine.
pub(crate) struct ImportRecord(WorkFolder);

impl ImportRecord {
    /// Makes an empty record.
    pub(crate) fn new() -> std::io::Result<Self> {
        let folder = WorkFolder::create()?;
        fs::write(folder.path().join(RECORD), "")?;
        Ok(Self(folder))
    }

    /// What the artifact gets to see of it.
    pub(crate) fn mount(&self) -> Mount {
        Mount {
            host: self.0.path().to_owned(),
            guest: MOUNT.to_owned(),
            writable: true,
        }
    }

    /// What the artifact has written; `None`: it keeps no record.
    pub(crate) fn read(&self) -> std::io::Result<Option<RunImports>> {
        let bytes = fs::read(self.0.path().join(RECORD))?;
        Ok((!bytes.is_empty()).then(|| RunImports::parse(&String::from_utf8_lossy(&bytes))))
    }
}

/// A module that was looked for, and that the artifact does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Absent {
    kind: String,
    who: String,
    reason: String,
}

/// What a run imported, and what it did not find.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RunImports {
    held: BTreeSet<String>,
    imported: BTreeSet<String>,
    absent: BTreeMap<String, Absent>,
}

impl RunImports {
    /// Reads the lines; a last one that was cut off is as good as none.
    fn parse(text: &str) -> Self {
        let mut run = Self::default();
        let lines = text.split_inclusive('\n');
        for line in lines.filter_map(|line| line.strip_suffix('\n')) {
            match line.split('\t').collect::<Vec<_>>()[..] {
                ["held", name] => {
                    run.held.insert(name.to_owned());
                }
                ["asked", name] => {
                    run.absent.remove(name);
                    if !run.held.contains(name) {
                        run.imported.insert(name.to_owned());
                    }
                }
                ["unsure", name] => {
                    run.imported.remove(name);
                }
                ["absent", kind, name, who, reason] => {
                    run.imported.remove(name);
                    let absent = Absent {
                        kind: kind.to_owned(),
                        who: who.to_owned(),
                        reason: reason.to_owned(),
                    };
                    run.absent.insert(name.to_owned(), absent);
                }
                _ => {}
            }
        }
        // What a rehearsal asked for stands before what it found.
        run.absent.retain(|name, _| !run.held.contains(name));
        run.imported.retain(|name| !run.held.contains(name));
        run
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Absent)> {
        self.absent.iter().filter(move |(_, absent)| absent.kind == kind)
    }
}

impl fmt::Display for RunImports {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        names(out, "was there at the start", &self.held)?;
        names(out, "was imported at run time", &self.imported)?;
        absent(out, "was left out", self.of_kind("left-out"))?;
        absent(out, "is not part of CPython on WASI", self.of_kind("platform"))?;
        absent(out, "does not exist", self.of_kind("nowhere"))
    }
}

/// "3 modules were ...", for one or several.
fn heading(out: &mut fmt::Formatter<'_>, count: usize, what: &str) -> fmt::Result {
    if count == 1 {
        return writeln!(out, "1 module {what}:");
    }
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let verb = match verb {
        "was" => "were",
        "is" => "are",
        "does" => "do",
        other => other,
    };
    writeln!(
        out,
        "{count} modules {verb} {rest}{}",
        if count == 0 { "" } else { ":" }
    )
}

fn names(out: &mut fmt::Formatter<'_>, what: &str, names: &BTreeSet<String>) -> fmt::Result {
    heading(out, names.len(), what)?;
    let mut line = String::new();
    for (at, name) in names.iter().enumerate() {
        if !line.is_empty() && line.len() + name.len() > WIDTH {
            writeln!(out, "  {}", line.trim_end())?;
            line.clear();
        }
        let comma = if at + 1 < names.len() { ", " } else { "" };
        write!(line, "{name}{comma}")?;
    }
    match line.is_empty() {
        true => Ok(()),
        false => writeln!(out, "  {line}"),
    }
}

fn absent<'a>(
    out: &mut fmt::Formatter<'_>,
    what: &str,
    modules: impl Iterator<Item = (&'a String, &'a Absent)>,
) -> fmt::Result {
    let modules: Vec<_> = modules.collect();
    heading(out, modules.len(), what)?;
    for (name, Absent { who, reason, .. }) in modules {
        writeln!(out, "  {name}, for {who}")?;
        if !reason.is_empty() {
            writeln!(out, "    {reason}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::RunImports;

    #[test]
    fn a_record_becomes_lists() {
        let run = RunImports::parse(
            "held\tsys\nasked\tujson\nabsent\tnowhere\tujson\t/pywasm/app/main.py:1\t\n\
             asked\tshop\nasked\tlate\nabsent\tnowhere\tlate\tx:1\t\nasked\tlate\n\
             absent\tleft-out\tcolorsys\t/pywasm/app/main.py:7\tit was left out\nasked\tcu",
        );
        assert_eq!(
            run.to_string(),
            "1 module was there at the start:\n  sys\n\
             2 modules were imported at run time:\n  late, shop\n\
             1 module was left out:\n  colorsys, for /pywasm/app/main.py:7\n    it was left out\n\
             0 modules are not part of CPython on WASI\n\
             1 module does not exist:\n  ujson, for /pywasm/app/main.py:1\n"
        );
    }
}
