//! Reads the table `[tool.pywasm.budget]`, or reports everything that is wrong with it.

use std::path::Path;

use pywasm_report::budget::{BudgetTarget, Growth, Limit};
use pywasm_report::{Stage, parse_size};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Budget, WrittenLimit};
use crate::pattern::ModulePattern;
use crate::suggest::closest;
use crate::table::{Item, Reader};
use pywasm_diagnostic::{Diagnostic, Location};

const HEADER: &str = "[tool.pywasm.budget]";

const KEYS: &[&str] = &[
    "wasm", "brotli", "gzip", "cwasm", "modules", "stage", "package", "growth", "baseline",
];

const SIZE: &str = "a size, such as `\"2.5 MB\"` or `2500000`";

/// Reads `[tool.pywasm.budget]`.
pub(crate) fn read<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> Budget {
    let mut budget = Budget::default();
    let Some(table) = reader.table(tool, "budget") else {
        return budget;
    };
    reader.refuse_unknown(table, HEADER, KEYS);
    for (key, target) in [
        ("wasm", BudgetTarget::Wasm),
        ("brotli", BudgetTarget::Brotli),
        ("gzip", BudgetTarget::Gzip),
        ("cwasm", BudgetTarget::Cwasm),
        ("modules", BudgetTarget::Modules),
    ] {
        if let Some(value) = table.get(key) {
            budget.limit(reader, target, &[key], value);
        }
    }
    // The stage `aot` has a row for each target.
    let stages: Vec<&str> = Stage::ALL
        .into_iter()
        .filter(|stage| stage.has_one_row())
        .map(Stage::name)
        .collect();
    let aot = Stage::Aot.for_target("");
    for (name, value) in entries(reader, table, "stage") {
        if stages.contains(&name.value.as_str()) || name.value.starts_with(&aot) {
            let path = ["stage", &name.value];
            budget.limit(reader, BudgetTarget::Stage(name.value.clone()), &path, value);
            continue;
        }
        let message = format!("`budget.stage`: there is no stage `{}`", name.value);
        let hint = match closest(&name.value, stages.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the stages are {} and `\"aot.TARGET\"`", stages.join(", ")),
        };
        wrong(reader, message, name.place, Some(&hint));
    }
    for (name, value) in entries(reader, table, "package") {
        match name.value.parse::<ModulePattern>() {
            Ok(_) => {
                let path = ["package", &name.value];
                budget.limit(reader, BudgetTarget::Package(name.value.clone()), &path, value);
            }
            Err(error) => wrong(reader, format!("`budget.package`: {error}"), name.place, None),
        }
    }
    if let Some(value) = table.get("growth") {
        budget.growth(reader, value);
    }
    budget.baseline = reader.string(table, "baseline");
    if let Some(item) = &budget.baseline
        && (item.value.is_empty() || Path::new(&item.value).has_root())
    {
        let message = "`budget.baseline` has to be a path relative to pyproject.toml".to_owned();
        let hint = "copy the report of a build into the project, for example as `budget/baseline.json`";
        wrong(reader, message, item.place.clone(), Some(hint));
    }
    budget
}

fn wrong(reader: &mut Reader<'_>, message: String, place: Location, hint: Option<&str>) {
    let mut diagnostic = Diagnostic::new(message).with_location(place);
    diagnostic.hint = hint.map(str::to_owned);
    reader.diagnostics.push(diagnostic);
}

/// The keys of the table at `key`, in the order of the file, and their values. A table among them
/// was a dotted name.
fn entries<'t, 's>(
    reader: &mut Reader<'s>,
    table: &'t DeTable<'s>,
    key: &str,
) -> Vec<(Item<String>, &'t Spanned<DeValue<'s>>)> {
    let Some(inner) = reader.table(table, key) else {
        return Vec::new();
    };
    let mut entries = Vec::new();
    for name in reader.keys(inner) {
        let Some(value) = inner.get(name.value.as_str()) else {
            continue;
        };
        let nested = value.get_ref().as_table().and_then(|table| table.iter().next());
        if let Some((below, _)) = nested {
            let full = format!("{}.{}", name.value, below.get_ref());
            let message =
                format!("`budget.{key}`: `{full}` needs quotes, since a dot starts a nested table in TOML");
            let hint = format!("write `{key}.\"{full}\" = \"...\"`");
            wrong(reader, message, name.place, Some(&hint));
            continue;
        }
        entries.push((name, value));
    }
    entries
}

impl Budget {
    /// Reads one limit.
    fn limit(
        &mut self,
        reader: &mut Reader<'_>,
        target: BudgetTarget,
        path: &[&str],
        value: &Spanned<DeValue<'_>>,
    ) {
        let what = target.key();
        let name = format!("budget.{what}");
        let is_count = target == BudgetTarget::Modules;
        let (text, most) = match value.get_ref() {
            DeValue::String(text) if !is_count => (text.to_string(), parse_size(text)),
            DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => (number.to_string(), parse_size(&number.to_string())),
                Err(_) => (number.to_string(), parse_size(number.as_str())),
            },
            _ => {
                let wanted = if is_count { "a number of modules" } else { SIZE };
                return reader.wrong_type(&name, wanted, value);
            }
        };
        let place = reader.locate(value);
        match most {
            Ok(most) => {
                let line = Some(place.line);
                self.limits.limits.push(Limit { target, most, line });
                self.written.push(WrittenLimit {
                    what,
                    path: std::iter::once("budget")
                        .chain(path.iter().copied())
                        .map(str::to_owned)
                        .collect(),
                    text,
                    place,
                });
            }
            Err(error) => wrong(reader, format!("`{name}`: {error}"), place, None),
        }
    }

    fn growth(&mut self, reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) {
        let Some(text) = value.get_ref().as_str() else {
            return reader.wrong_type(
                "budget.growth",
                "a percentage or a size, such as `\"2%\"` or `\"50 kB\"`",
                value,
            );
        };
        let growth = match text.trim().strip_suffix('%') {
            Some(share) => share_of(share.trim())
                .map(Growth::Share)
                .ok_or_else(|| format!("`{text}` is not a percentage; write one such as `2%` or `0.5%`")),
            None => parse_size(text)
                .map(Growth::Bytes)
                .map_err(|error| format!("{error}; a percentage needs a `%`")),
        };
        let place = reader.locate(value);
        match growth {
            Ok(growth) => {
                self.limits.growth = Some((growth, Some(place.line)));
                self.written.push(WrittenLimit {
                    what: "growth".to_owned(),
                    path: vec!["budget".to_owned(), "growth".to_owned()],
                    text: text.to_owned(),
                    place,
                });
            }
            Err(message) => wrong(reader, format!("`budget.growth`: {message}"), place, None),
        }
    }
}

/// Thousandths of a percent.
fn share_of(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number =
        |text: &str| (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > 3 {
        return None;
    }
    Some(whole.parse::<u64>().ok()? * 1000 + format!("{part:0<3}").parse::<u64>().ok()?)
}
