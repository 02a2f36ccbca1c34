//! Writes an audit as text for a terminal: a table of distributions, then each finding with what
//! leads to it and what to do. The text has ANSI styles, which the writer removes if they are not
//! wanted.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::{AnsiColor, Style};

use crate::model::{
    AbsentModule, Audit, CallSite, DistributionAudit, File, Level, Problem, Remedy, Spot, Verdict,
};
use crate::remedy::written_in;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Green.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// How many compiled files of a distribution are named.
const SHOWN_FILES: usize = 3;

fn style(level: Level) -> Style {
    match level {
        Level::Error => ERROR,
        Level::Warning => WARNING,
        Level::Note => NOTE,
        Level::None => Style::new(),
    }
}

impl DistributionAudit {
    /// What it means for the program, in a few words.
    pub fn outcome(&self) -> String {
        match (self.verdict, self.level) {
            (Verdict::Pure | Verdict::Fallback, Level::Error) => {
                format!("cannot run without {}", self.blocked_by.join(" and "))
            }
            (_, Level::Error) => "cannot run".to_owned(),
            (_, Level::Warning) => "fails when used".to_owned(),
            _ if !self.reached => "not imported, left out".to_owned(),
            (Verdict::Fallback, _) => "runs without its compiled code".to_owned(),
            _ => "runs".to_owned(),
        }
    }

    /// Its name and version.
    pub fn title(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }

    /// What leads to it: `flask -> jinja2 -> markupsafe`.
    pub fn required_by(&self) -> String {
        self.path.join(" -> ")
    }

    /// Its compiled files, the needed ones first, a few of them by name.
    pub fn listed_files(&self) -> (Vec<&File>, usize) {
        let mut files: Vec<&File> = self.files.iter().collect();
        files.sort_by_key(|file| std::cmp::Reverse(file.state));
        let more = files.len().saturating_sub(SHOWN_FILES);
        files.truncate(SHOWN_FILES);
        (files, more)
    }
}

impl Audit {
    /// The counts, in a sentence.
    pub fn verdict_line(&self) -> String {
        let count = |number: usize, one: &str| match number {
            1 => format!("1 {one}"),
            number => format!("{number} {one}s"),
        };
        let summary = &self.summary;
        let mut line = format!(
            "{}, {}",
            count(summary.errors, "error"),
            count(summary.warnings, "warning")
        );
        if !self.distributions.is_empty() {
            line += &format!(
                "; {}: {} pure, {} with a fallback, {} for WASI, {} native",
                count(self.distributions.len(), "distribution"),
                summary.pure,
                summary.fallback,
                summary.wasi,
                summary.native
            );
        }
        line
    }

    /// Calls in functions of dependencies, by distribution: how many, and of what.
    pub fn calls_of_dependencies(&self) -> BTreeMap<String, (usize, BTreeSet<String>)> {
        let mut groups: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
        for call in self.calls.iter().filter(|call| call.level == Level::Note) {
            let top = call.module.split('.').next().unwrap_or(&call.module);
            let owner = call.distribution.clone().unwrap_or_else(|| top.to_owned());
            let (count, names) = groups.entry(owner).or_default();
            *count += 1;
            names.insert(call.call.clone());
        }
        groups
    }

    /// The whole of it.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        text += &self.world();
        text += &self.table();
        for one in self
            .distributions
            .iter()
            .filter(|one| one.verdict == Verdict::Fallback)
        {
            if one.level < Level::Warning {
                text += &format!("{NOTE}note{NOTE:#}: {}: {}\n", one.title(), one.reason);
            }
        }
        for (level, finding) in self.bad_findings() {
            let style = style(level);
            text += &format!("{}{style}{}{style:#}: {finding}", gap(&text), level.as_str());
        }
        for note in self.notes() {
            text += &format!("{}{NOTE}note{NOTE:#}: {note}", gap(&text));
        }
        let level = self.level();
        let style = style(level);
        text += &format!("{}{style}{}{style:#}\n", gap(&text), self.verdict_line());
        text
    }

    /// Errors, then warnings.
    fn bad_findings(&self) -> Vec<(Level, String)> {
        let mut findings: Vec<(Level, String)> = Vec::new();
        let bad = |level: Level| level >= Level::Warning;
        for one in self.distributions.iter().filter(|one| bad(one.level)) {
            findings.push((one.level, distribution(one)));
        }
        for one in self.stdlib.iter().filter(|one| bad(one.level)) {
            findings.push((one.level, absent(one)));
        }
        for one in self.problems.iter().filter(|one| bad(one.level)) {
            findings.push((one.level, problem(one)));
        }
        for one in self.calls.iter().filter(|one| bad(one.level)) {
            findings.push((one.level, call(one)));
        }
        findings.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
        findings
    }

    /// What is worth knowing about modules, problems and calls.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for (importable, what) in [
            (
                false,
                "not on WASI, but the modules that import them work without them",
            ),
            (true, "importable on WASI, but without effect there"),
        ] {
            let absent = self.stdlib.iter().filter(|one| one.level == Level::Note);
            let names: Vec<String> = absent
                .filter(|one| one.importable == importable)
                .map(|one| format!("`{}`", one.module))
                .collect();
            if !names.is_empty() {
                notes.push(format!("{what}: {}\n", names.join(", ")));
            }
        }
        let problems: Vec<String> = self
            .problems
            .iter()
            .filter(|one| one.level == Level::Note)
            .map(|one| {
                let place = one.place.as_ref().map(show_place).unwrap_or_default();
                format!("  {place}: {}\n", one.message)
            })
            .collect();
        if !problems.is_empty() {
            notes.push(format!(
                "`pywasm build` warns about files of dependencies:\n{}",
                problems.concat()
            ));
        }
        let calls = self.calls_of_dependencies().into_iter();
        let calls: Vec<String> = calls
            .map(|(owner, (count, names))| {
                let names: Vec<String> = names.into_iter().collect();
                format!("  {owner}: {count} ({})\n", names.join(", "))
            })
            .collect();
        if !calls.is_empty() {
            notes.push(format!(
                "functions of dependencies contain calls that fail on WASI if the program reaches them (`--format json` lists the lines)\n{}",
                calls.concat()
            ));
        }
        notes
    }

    /// The worst level of all.
    pub fn level(&self) -> Level {
        match (self.summary.errors, self.summary.warnings) {
            (0, 0) => Level::None,
            (0, _) => Level::Warning,
            _ => Level::Error,
        }
    }

    /// The world of a component, and what the program has of it.
    fn world(&self) -> String {
        let Some(component) = &self.component else {
            return String::new();
        };
        let mut text = format!("world {}\n", component.world);
        let groups = [
            ("imports", &component.imports),
            ("exports", &component.exports),
            ("leaves out", &component.unused),
        ];
        for (what, names) in groups.into_iter().filter(|(_, names)| !names.is_empty()) {
            text += &format!("  {what} {}\n", names.join(", "));
        }
        text
    }

    fn table(&self) -> String {
        if self.distributions.is_empty() {
            return String::new();
        }
        let head = ["distribution", "version", "verdict", "outcome", "required by"].map(str::to_owned);
        let rows: Vec<[String; 5]> = self
            .distributions
            .iter()
            .map(|one| {
                [
                    one.name.clone(),
                    one.version.clone().unwrap_or_else(|| "-".to_owned()),
                    one.verdict.as_str().to_owned(),
                    one.outcome(),
                    one.required_by(),
                ]
            })
            .collect();
        let mut widths = head.clone().map(|cell| cell.len());
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let bold = Style::new().bold();
        let mut text = line(&head, &widths, bold, &[0, 1, 2, 3, 4]);
        for (row, one) in rows.iter().zip(&self.distributions) {
            text += &line(row, &widths, style(one.level), &[2, 3]);
        }
        text
    }
}

/// One line of the table; the cells of `styled` get the style.
fn line(cells: &[String; 5], widths: &[usize; 5], style: Style, styled: &[usize]) -> String {
    let mut text = String::new();
    for (number, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let last = number + 1 == cells.len() || cells[number + 1..].iter().all(String::is_empty);
        let padded = if last {
            cell.clone()
        } else {
            format!("{cell:<width$}")
        };
        if styled.contains(&number) {
            text += &format!("{style}{padded}{style:#}");
        } else {
            text += &padded;
        }
        if last {
            break;
        }
        text += "  ";
    }
    text.push('\n');
    text
}

/// An empty line, unless it is the first.
fn gap(text: &str) -> &'static str {
    if text.is_empty() { "" } else { "\n" }
}

fn show_place(spot: &Spot) -> String {
    match (spot.line, spot.column) {
        (0, _) => spot.file.clone(),
        (line, 0) => format!("{}:{line}", spot.file),
        (line, column) => format!("{}:{line}:{column}", spot.file),
    }
}

fn chain(steps: &[String]) -> String {
    if steps.len() < 2 {
        return String::new();
    }
    let lines: Vec<String> = steps.iter().map(|step| format!("    {step}\n")).collect();
    format!("  the imports that lead to it:\n{}", lines.concat())
}

fn remedies(remedies: &[Remedy]) -> String {
    if remedies.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = remedies
        .iter()
        .map(|remedy| format!("    {HINT}{}{HINT:#}: {}\n", remedy.kind.as_str(), remedy.text))
        .collect();
    format!("  {HINT}what you can do{HINT:#}:\n{}", lines.concat())
}

fn distribution(one: &DistributionAudit) -> String {
    let mut text = format!("{} {}: {}\n", one.title(), one.outcome(), one.reason);
    if let Some(place) = &one.place {
        text += &format!("  --> {}\n", show_place(place));
    }
    if one.path.len() > 1 {
        text += &format!("  required by: {}\n", one.required_by());
    }
    let (files, more) = one.listed_files();
    for file in files {
        text += &format!(
            "  file: {} ({} for {})\n",
            file.file,
            file.native.format.as_str(),
            file.native.machine
        );
    }
    if more > 0 {
        text += &format!("  and {more} more compiled files\n");
    }
    if let Some(native) = written_in(one).filter(|_| !one.files.is_empty()) {
        text += &format!("  written in: {native}\n");
    }
    text + &chain(&one.chain) + &remedies(&one.remedies)
}

fn absent(one: &AbsentModule) -> String {
    let mut text = format!("module `{}` is not on WASI: {}\n", one.module, one.reason);
    for importer in one
        .importers
        .iter()
        .filter(|importer| importer.level >= Level::Warning)
        .take(SHOWN_FILES)
    {
        text += &format!("  --> {}\n", show_place(&importer.place));
    }
    text + &chain(&one.chain) + &format!("{HINT}hint{HINT:#}: {}\n", one.hint)
}

fn call(one: &CallSite) -> String {
    let number = one.place.line.to_string();
    let indent = " ".repeat(number.len());
    format!(
        "`{}` {}: {}\n  --> {}\n {indent} |\n {number} | {}\n{HINT}hint{HINT:#}: {}\n",
        one.call,
        one.effect(),
        one.reason,
        show_place(&one.place),
        one.text,
        one.hint
    )
}

fn problem(one: &Problem) -> String {
    let mut text = format!("{}\n", one.message);
    if let Some(place) = &one.place {
        text += &format!("  --> {}\n", show_place(place));
    }
    for note in &one.notes {
        text += &format!("  {}\n", note.replace('\n', "\n  "));
    }
    if let Some(hint) = &one.hint {
        text += &format!("{HINT}hint{HINT:#}: {hint}\n");
    }
    text
}
