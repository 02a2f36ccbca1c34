//! Writes an audit as Markdown, for a comment on a change or a page of CI.

use crate::model::{Audit, Level, Spot};

impl Audit {
    /// The whole of it, as GitHub and others render it.
    pub fn to_markdown(&self) -> String {
        let mut text = format!(
            "# {}: audit for WASI\n\n{}.\n",
            escape(&self.project),
            self.verdict_line()
        );
        if !self.distributions.is_empty() {
            text += "\n| distribution | version | verdict | outcome | required by | why |\n";
            text += "| --- | --- | --- | --- | --- | --- |\n";
            for one in &self.distributions {
                let mark = if one.level >= Level::Warning { "**" } else { "" };
                text += &row(&[
                    &one.name,
                    one.version.as_deref().unwrap_or("-"),
                    one.verdict.as_str(),
                    &format!("{mark}{}{mark}", one.outcome()),
                    &one.required_by(),
                    &one.reason,
                ]);
            }
        }
        for one in self
            .distributions
            .iter()
            .filter(|one| one.level >= Level::Warning)
        {
            text += &format!(
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
                    let native = &file.native;
                    text += &format!(
                        "- `{}`: {} for {}\n",
                        file.file,
                        native.format.as_str(),
                        native.machine
                    );
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
        }
        let absent: Vec<_> = self
            .stdlib
            .iter()
            .filter(|one| one.level >= Level::Warning)
            .collect();
        if !absent.is_empty() {
            text += "\n## Modules that WASI lacks\n\n| module | level | where | why | what to do |\n| --- | --- | --- | --- | --- |\n";
            for one in absent {
                let places: Vec<String> = one
                    .importers
                    .iter()
                    .map(|importer| show_place(&importer.place))
                    .collect();
                text += &row(&[
                    &one.module,
                    one.level.as_str(),
                    &places.join(", "),
                    &one.reason,
                    &one.hint,
                ]);
            }
        }
        let calls: Vec<_> = self
            .calls
            .iter()
            .filter(|one| one.level >= Level::Warning)
            .collect();
        if !calls.is_empty() {
            text += "\n## Calls that cannot work\n\n| call | where | raises | why | what to do |\n| --- | --- | --- | --- | --- |\n";
            for one in calls {
                let call = format!("`{}`", one.call);
                text += &row(&[
                    &call,
                    &show_place(&one.place),
                    &one.raises,
                    &one.reason,
                    &one.hint,
                ]);
            }
        }
        if !self.problems.is_empty() {
            text += "\n## Other problems\n\n| level | what | where | hint |\n| --- | --- | --- | --- |\n";
            for one in &self.problems {
                let place = one.place.as_ref().map(show_place).unwrap_or_default();
                text += &row(&[
                    one.level.as_str(),
                    &one.message,
                    &place,
                    one.hint.as_deref().unwrap_or(""),
                ]);
            }
        }
        let calls = self.calls_of_dependencies();
        if !calls.is_empty() {
            text +=
                "\n## Calls in functions of dependencies that fail on WASI if the program reaches them\n\n";
            for (whose, (count, names)) in calls {
                let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
                text += &format!("- {}: {count} ({})\n", escape(&owner_of), names.join(", "));
            }
        }
        text
    }
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
