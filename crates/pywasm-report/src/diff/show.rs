//! Turns a diff into a headline and tables, which text and Markdown then lay out.

use super::Diff;
use super::change::{Change, State};
use super::code::{BuiltinChange, FunctionCount};
use super::contents::{DistributionChange, MovedModule};
use crate::budget::Verdict;
use crate::markdown::replace_controls;
use crate::{format_size, format_size_change};

/// The number of rows that a table shows.
const SHOWN: usize = 12;

/// The number of importers that a row names.
const IMPORTERS: usize = 3;

/// A table.
pub(super) struct Table {
    pub(super) title: String,
    pub(super) head: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
    /// The number of rows that are omitted.
    pub(super) more: usize,
    /// Whether the table is visible at once, or folded.
    pub(super) is_open: bool,
}

impl Table {
    /// Whether the column holds figures, which are aligned right.
    pub(super) fn is_figure(&self, column: usize) -> bool {
        matches!(
            self.head.get(column),
            Some(&("before" | "now" | "change" | "bytes" | "data"))
        )
    }
}

const FIGURES: [&str; 4] = ["before", "now", "change", ""];

/// Describes the change of the shipped file in one line.
pub(super) fn headline(diff: &Diff) -> String {
    let names = |ending: &str| diff.files.iter().find(|file| file.name.ends_with(ending));
    let Some(file) = names(".wasm.br")
        .filter(|file| file.old.is_some() && file.new.is_some())
        .or_else(|| names(".wasm"))
    else {
        return format!("{}: no files to compare", replace_controls(&diff.new.name));
    };
    let name = replace_controls(&file.name);
    let now = format_size(file.new.unwrap_or(0));
    match (file.old, file.state) {
        _ if diff.old.is_none() => format!("{name}: {now}, without a baseline"),
        (None, _) => format!("{name}: {now}, new"),
        (Some(old), State::Gone) => format!("{name}: gone, was {}", format_size(old)),
        (Some(_), State::Same) => format!("{name}: {now}, unchanged"),
        (Some(old), _) => format!(
            "{name}: {} -> {now} ({}, {})",
            format_size(old),
            format_size_change(file.change),
            file.relative()
        ),
    }
}

/// Counts the functions that were added or removed, grew or shrank; `None` if that is not known or
/// there are none.
pub(super) fn describe_functions(diff: &Diff) -> Option<String> {
    let code = diff.code.as_ref()?;
    let describe = |count: FunctionCount, what: &str, sign: &str| {
        let s = if count.functions == 1 { "" } else { "s" };
        (count.functions > 0).then(|| {
            format!(
                "{} function{s} {what} ({sign}{})",
                count.functions,
                format_size(count.bytes)
            )
        })
    };
    let parts: Vec<String> = [
        describe(code.added, "added", "+"),
        describe(code.removed, "removed", "-"),
        describe(code.grown, "grew", "+"),
        describe(code.shrunk, "shrank", "-"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Makes all tables that have rows, the most useful first.
pub(super) fn tables(diff: &Diff) -> Vec<Table> {
    let modules = &diff.modules;
    let moved_head = || vec!["module", "bytes", "origin", "imported by"];
    let mut tables = vec![
        changes("file", "Files", &diff.files, diff.files.len(), true),
        budgets(diff),
        builtins(diff),
        distributions(diff),
        changes(
            "package",
            "Packages by size in the image",
            &diff.packages,
            SHOWN,
            true,
        ),
        changes(
            "module",
            "Objects in the snapshot by module",
            &diff.objects,
            SHOWN,
            true,
        ),
        table("Modules added", moved_head(), &modules.added, SHOWN, moved, true),
        table(
            "Modules removed",
            moved_head(),
            &modules.removed,
            SHOWN,
            moved,
            true,
        ),
        changes(
            "module",
            "Changed modules by size in the image",
            &modules.changed,
            SHOWN,
            false,
        ),
        changes("data file", "Data files", &diff.data, SHOWN, false),
    ];
    if let Some(code) = &diff.code {
        tables.push(changes(
            "function",
            "Functions by code size",
            &code.functions,
            SHOWN,
            false,
        ));
    }
    if diff.stages.iter().any(Change::is_change) {
        tables.push(changes(
            "stage",
            "Stages by output size",
            &diff.stages,
            diff.stages.len(),
            false,
        ));
    }
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn changes(what: &'static str, title: &str, list: &[Change], shown: usize, is_open: bool) -> Table {
    let head = std::iter::once(what).chain(FIGURES).collect();
    let row = |change: &Change| {
        std::iter::once(replace_controls(&change.name))
            .chain(figures(change))
            .collect()
    };
    table(title, head, list, shown, row, is_open)
}

fn figures(change: &Change) -> [String; 4] {
    let size = |bytes: Option<u64>| bytes.map_or_else(|| "-".to_owned(), format_size);
    [
        size(change.old),
        size(change.new),
        format_size_change(change.change),
        change.relative(),
    ]
}

fn table<T>(
    title: &str,
    head: Vec<&'static str>,
    list: &[T],
    shown: usize,
    row: impl Fn(&T) -> Vec<String>,
    is_open: bool,
) -> Table {
    Table {
        title: title.to_owned(),
        head,
        rows: list.iter().take(shown).map(row).collect(),
        more: list.len().saturating_sub(shown),
        is_open,
    }
}

fn moved(module: &MovedModule) -> Vec<String> {
    vec![
        replace_controls(&module.name),
        format_size(module.bytes),
        replace_controls(&module.origin),
        importers(&module.imported_by),
    ]
}

fn builtins(diff: &Diff) -> Table {
    let is_known = |builtin: &BuiltinChange| builtin.code.old.is_some() || builtin.code.new.is_some();
    let share = |builtin: &BuiltinChange| match builtin.state {
        State::New => "new".to_owned(),
        State::Gone => "gone".to_owned(),
        _ => builtin.code.relative(),
    };
    if !diff.builtins.iter().any(is_known) {
        let row = |builtin: &BuiltinChange| {
            let importers = importers(&builtin.imported_by);
            vec![replace_controls(&builtin.name), share(builtin), importers]
        };
        let head = vec!["module", "", "imported by"];
        return table("Builtin modules", head, &diff.builtins, SHOWN, row, true);
    }
    let head = vec!["module", "before", "now", "change", "", "data", "imported by"];
    let row = |builtin: &BuiltinChange| {
        let [old, new, change, _] = figures(&builtin.code);
        let known = |text: String| if is_known(builtin) { text } else { "-".to_owned() };
        vec![
            replace_controls(&builtin.name),
            old,
            new,
            known(change),
            share(builtin),
            known(format_size_change(builtin.data.change)),
            importers(&builtin.imported_by),
        ]
    };
    table(
        "Builtin modules by code size",
        head,
        &diff.builtins,
        SHOWN,
        row,
        true,
    )
}

fn distributions(diff: &Diff) -> Table {
    let version = |version: &Option<String>| {
        version
            .as_ref()
            .map_or_else(|| "-".to_owned(), |text| replace_controls(text))
    };
    let head = vec!["distribution", "was", "is"];
    let row = |change: &DistributionChange| {
        let (old, new) = (version(&change.old), version(&change.new));
        vec![replace_controls(&change.name), old, new]
    };
    table("Dependencies", head, &diff.distributions, SHOWN, row, true)
}

fn budgets(diff: &Diff) -> Table {
    let verdict = |verdict: Option<Verdict>| verdict.map_or("-", Verdict::name).to_owned();
    table(
        "Budgets",
        vec!["budget", "counts", "value", "limit", "was", "is"],
        &diff.budgets,
        diff.budgets.len(),
        |budget| {
            vec![
                replace_controls(&budget.what),
                replace_controls(&budget.counts),
                budget.shown[0].clone(),
                budget.shown[1].clone(),
                verdict(budget.old),
                verdict(budget.new),
            ]
        },
        true,
    )
}

fn importers(names: &[String]) -> String {
    let mut text: Vec<String> = names
        .iter()
        .take(IMPORTERS)
        .map(|name| replace_controls(name))
        .collect();
    if names.len() > IMPORTERS {
        text.push(format!("{} more", names.len() - IMPORTERS));
    }
    text.join(", ")
}
