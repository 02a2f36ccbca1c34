//! Writes an audit as Markdown, for a comment on a change or a page of CI.

use crate::model::{Audit, DistributionAudit, Level, Spot};

impl Audit {
    /// The whole audit, as GitHub and others render it.
    pub fn to_markdown(&self) -> String {
        let mut text = format!(
            "# {}: audit for WASI\n\n{}.\n",
            escape(&self.project),
            self.verdict_line()
        );
        text += &self.world_table();
        text += &self.distribution_table();
        let is_bad = |one: &&DistributionAudit| one.level >= Level::Warning;
        for one in self.distributions.iter().filter(is_bad) {
            text += &section(one);
        }
        text += &self.stdlib_table();
        text += &self.call_table();
        text += &self.problem_table();
        text += &self.dependency_calls();
        text
    }

    fn world_table(&self) -> String {
        let Some(component) = &self.component else {
            return String::new();
        };
        let imports = component.imports.iter().map(|name| ("import", name));
        let exports = component.exports.iter().map(|name| ("export", name));
        let unused = component.unused.iter().map(|name| ("left out", name));
        let rows = imports
            .chain(exports)
            .chain(unused)
            .map(|(what, name)| row(&[name, what]));
        table(&format!("World {}", component.world), &["name", "what"], rows)
    }

    fn distribution_table(&self) -> String {
        let rows = self.distributions.iter().map(|one| {
            let mark = if one.level >= Level::Warning { "**" } else { "" };
            row(&[
                &one.name,
                one.version.as_deref().unwrap_or("-"),
                one.verdict.as_str(),
                &format!("{mark}{}{mark}", one.outcome()),
                &one.required_by(),
                &one.reason,
            ])
        });
        let head = [
            "distribution",
            "version",
            "verdict",
            "outcome",
            "required by",
            "why",
        ];
        table("", &head, rows)
    }

    fn stdlib_table(&self) -> String {
        let bad = self.stdlib.iter().filter(|one| one.level >= Level::Warning);
        let rows = bad.map(|one| {
            let places: Vec<String> = one
                .importers
                .iter()
                .map(|importer| show_place(&importer.place))
                .collect();
            row(&[
                &one.module,
                one.level.as_str(),
                &places.join(", "),
                &one.reason,
                &one.hint,
            ])
        });
        let head = ["module", "level", "where", "why", "what to do"];
        table("Modules that WASI lacks", &head, rows)
    }

    fn call_table(&self) -> String {
        let bad = self.calls.iter().filter(|one| one.level >= Level::Warning);
        let rows = bad.map(|one| {
            let call = format!("`{}`", one.call);
            row(&[
                &call,
                &show_place(&one.place),
                &one.effect(),
                &one.reason,
                &one.hint,
            ])
        });
        let head = ["call", "where", "effect", "why", "what to do"];
        table("Calls that cannot work", &head, rows)
    }

    fn problem_table(&self) -> String {
        let rows = self.problems.iter().map(|one| {
            let place = one.place.as_ref().map(show_place).unwrap_or_default();
            row(&[
                one.level.as_str(),
                &one.message,
                &place,
                one.hint.as_deref().unwrap_or(""),
            ])
        });
        let head = ["level", "what", "where", "hint"];
        table("Other problems", &head, rows)
    }

    fn dependency_calls(&self) -> String {
        let calls = self.calls_of_dependencies();
        if calls.is_empty() {
            return String::new();
        }
        let mut text =
            "\n## Calls in functions of dependencies that fail on WASI if the program reaches them\n\n"
                .to_owned();
        for (owner, (count, names)) in calls {
            let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
            text += &format!("- {}: {count} ({})\n", escape(&owner), names.join(", "));
        }
        text
    }
}

/// The section of one distribution.
fn section(one: &DistributionAudit) -> String {
    let mut text = format!(
        "\n## {} {}\n\n{}.\n",
        escape(&one.title()),
        escape(&one.outcome()),
        escape(&one.reason)
    );
    if let Some(place) = &one.place {
        text += &format!("\nAt {}.\n", show_place(place));
    }
    let (files, more) = one.listed_files();
    if !files.is_empty() {
        text += "\nCompiled files:\n\n";
        for file in files {
            let (format, machine) = (file.native.format.as_str(), &file.native.machine);
            text += &format!("- `{}`: {format} for {machine}\n", file.file);
        }
        if more > 0 {
            text += &format!("- and {more} more\n");
        }
    }
    if one.chain.len() > 1 {
        let steps: Vec<String> = one.chain.iter().map(|step| format!("    {step}\n")).collect();
        text += &format!("\nThe imports that lead to it:\n\n{}", steps.concat());
    }
    if !one.remedies.is_empty() {
        text += "\nWhat you can do:\n\n";
        for remedy in &one.remedies {
            text += &format!("- **{}**: {}\n", remedy.kind.as_str(), remedy.text);
        }
    }
    text
}

/// A table with an optional title; nothing if it has no rows.
fn table(title: &str, head: &[&str], rows: impl Iterator<Item = String>) -> String {
    let rows: String = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let title = match title {
        "" => String::new(),
        title => format!("\n## {title}\n"),
    };
    let rule = vec!["---"; head.len()];
    format!("{title}\n{}{}{rows}", row(head), row(&rule))
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| cell.replace('|', "\\|").replace('\n', " "))
        .collect();
    format!("| {} |\n", cells.join(" | "))
}

fn show_place(spot: &Spot) -> String {
    match spot.line {
        0 => format!("`{}`", spot.file),
        line => format!("`{}:{line}`", spot.file),
    }
}

/// A name as text: what Markdown would take as a mark stays what it is.
fn escape(text: &str) -> String {
    text.replace('<', "&lt;").replace("__", "\\_\\_")
}
