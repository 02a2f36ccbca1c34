//! A diff in, what people are shown of it out: a headline and tables, which text and Markdown
//! lay out each in their way.

use super::Diff;
use super::change::{Change, State};
use super::code::{Builtin, Count};
use super::contents::{DistributionChange, Moved};
use crate::budget::Verdict;
use crate::markdown::plain;
use crate::{human, human_change};

/// How many rows of a list are shown.
const SHOWN: usize = 12;

/// How many importers of a module are named.
const IMPORTERS: usize = 3;

/// A table.
pub(super) struct Table {
    pub(super) title: String,
    pub(super) head: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
    /// How many rows are left out.
    pub(super) more: usize,
    /// Whether it is shown at once, or when it is asked for.
    pub(super) open: bool,
}

impl Table {
    /// Whether the column holds figures, which are set flush right.
    pub(super) fn is_figure(&self, column: usize) -> bool {
        matches!(
            self.head.get(column),
            Some(&("before" | "now" | "change" | "bytes" | "data"))
        )
    }
}

const FIGURES: [&str; 4] = ["before", "now", "change", ""];

/// The difference in a sentence, of the file that is shipped.
pub(super) fn headline(diff: &Diff) -> String {
    let names = |ending: &str| diff.files.iter().find(|file| file.name.ends_with(ending));
    let Some(file) = names(".wasm.br")
        .filter(|file| file.old.is_some() && file.new.is_some())
        .or_else(|| names(".wasm"))
    else {
        return format!("{}: no file to compare", plain(&diff.new.name));
    };
    let name = plain(&file.name);
    let now = human(file.new.unwrap_or(0));
    match (file.old, file.state) {
        _ if diff.old.is_none() => format!("{name}: {now}, with nothing to compare it with"),
        (None, _) => format!("{name}: {now}, new"),
        (Some(old), State::Gone) => format!("{name}: gone, was {}", human(old)),
        (Some(_), State::Same) => format!("{name}: {now}, as before"),
        (Some(old), _) => format!(
            "{name}: {} -> {now} ({}, {})",
            human(old),
            human_change(file.change),
            file.share()
        ),
    }
}

/// How many functions came, left, grew and shrank; `None` where that is not known or none did.
pub(super) fn functions(diff: &Diff) -> Option<String> {
    let code = diff.code.as_ref()?;
    let said = |count: Count, what: &str, sign: &str| {
        let s = if count.functions == 1 { "" } else { "s" };
        (count.functions > 0).then(|| {
            format!(
                "{} function{s} {what} ({sign}{})",
                count.functions,
                human(count.bytes)
            )
        })
    };
    let parts: Vec<String> = [
        said(code.came, "came in", "+"),
        said(code.left, "left", "-"),
        said(code.grew, "grew", "+"),
        said(code.shrank, "shrank", "-"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// All tables that have something to say, the most telling first.
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
            "Packages, by their bytes in the image",
            &diff.packages,
            SHOWN,
            true,
        ),
        table("Modules in", moved_head(), &modules.came, SHOWN, moved, true),
        table("Modules out", moved_head(), &modules.left, SHOWN, moved, true),
        changes(
            "module",
            "Modules that changed, by their bytes in the image",
            &modules.changed,
            SHOWN,
            false,
        ),
        changes("data file", "Data files", &diff.data, SHOWN, false),
    ];
    if let Some(code) = &diff.code {
        tables.push(changes(
            "function",
            "Functions, by their code",
            &code.functions,
            SHOWN,
            false,
        ));
    }
    if diff.stages.iter().any(Change::is_change) {
        tables.push(changes(
            "stage",
            "Stages, by what they give",
            &diff.stages,
            diff.stages.len(),
            false,
        ));
    }
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn changes(what: &'static str, title: &str, list: &[Change], shown: usize, open: bool) -> Table {
    let head = std::iter::once(what).chain(FIGURES).collect();
    let row = |change: &Change| {
        std::iter::once(plain(&change.name))
            .chain(figures(change))
            .collect()
    };
    table(title, head, list, shown, row, open)
}

fn figures(change: &Change) -> [String; 4] {
    let size = |bytes: Option<u64>| bytes.map_or_else(|| "-".to_owned(), human);
    [
        size(change.old),
        size(change.new),
        human_change(change.change),
        change.share(),
    ]
}

fn table<T>(
    title: &str,
    head: Vec<&'static str>,
    list: &[T],
    shown: usize,
    row: impl Fn(&T) -> Vec<String>,
    open: bool,
) -> Table {
    Table {
        title: title.to_owned(),
        head,
        rows: list.iter().take(shown).map(row).collect(),
        more: list.len().saturating_sub(shown),
        open,
    }
}

fn moved(module: &Moved) -> Vec<String> {
    vec![
        plain(&module.name),
        human(module.bytes),
        plain(&module.origin),
        importers(&module.imported_by),
    ]
}

fn builtins(diff: &Diff) -> Table {
    let is_known = |builtin: &Builtin| builtin.code.old.is_some() || builtin.code.new.is_some();
    let share = |builtin: &Builtin| match builtin.state {
        State::New => "new".to_owned(),
        State::Gone => "gone".to_owned(),
        _ => builtin.code.share(),
    };
    if !diff.builtins.iter().any(is_known) {
        let row = |builtin: &Builtin| {
            let importers = importers(&builtin.imported_by);
            vec![plain(&builtin.name), share(builtin), importers]
        };
        let head = vec!["module", "", "imported by"];
        return table("Builtin modules", head, &diff.builtins, SHOWN, row, true);
    }
    let head = vec!["module", "before", "now", "change", "", "data", "imported by"];
    let row = |builtin: &Builtin| {
        let [old, new, change, _] = figures(&builtin.code);
        let known = |text: String| if is_known(builtin) { text } else { "-".to_owned() };
        vec![
            plain(&builtin.name),
            old,
            new,
            known(change),
            share(builtin),
            known(human_change(builtin.data.change)),
            importers(&builtin.imported_by),
        ]
    };
    table(
        "Builtin modules, by their code",
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
            .map_or_else(|| "-".to_owned(), |text| plain(text))
    };
    let head = vec!["distribution", "was", "is"];
    let row = |change: &DistributionChange| {
        let (old, new) = (version(&change.old), version(&change.new));
        vec![plain(&change.name), old, new]
    };
    table("Dependencies", head, &diff.distributions, SHOWN, row, true)
}

fn budgets(diff: &Diff) -> Table {
    let verdict = |verdict: Option<Verdict>| verdict.map_or("-", Verdict::word).to_owned();
    table(
        "Budgets crossed",
        vec!["budget", "counts", "value", "limit", "was", "is"],
        &diff.budgets,
        diff.budgets.len(),
        |budget| {
            vec![
                plain(&budget.what),
                plain(&budget.counts),
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
    let mut text: Vec<String> = names.iter().take(IMPORTERS).map(|name| plain(name)).collect();
    if names.len() > IMPORTERS {
        text.push(format!("{} more", names.len() - IMPORTERS));
    }
    text.join(", ")
}
