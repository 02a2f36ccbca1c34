//! Collects the reasons why two builds cannot be compared in full, and the settings that differ,
//! since these explain changes that the program does not.

use super::Side;
use crate::SCHEMA;

pub(super) fn collect(old: Option<&Side>, new: &Side) -> Vec<String> {
    let mut remarks = Vec::new();
    for side in old.into_iter().chain([new]) {
        remarks.extend(side.remarks.iter().cloned());
        match (&side.report, &side.symbols) {
            (None, _) => remarks.push(format!(
                "`{}` has no report next to it, so only file sizes are compared",
                side.name
            )),
            // A remark already says what is wrong with the file.
            (Some(_), None) if !side.remarks.is_empty() => {}
            (Some(_), None) => remarks.push(format!(
                "`{}` has no symbol file next to it, so functions are not compared",
                side.name
            )),
            (Some(_), Some(symbols)) if !symbols.has_files() => remarks.push(format!(
                "the symbol file of `{}` does not name source files, so the code of each builtin module is not known",
                side.name
            )),
            _ => {}
        }
    }
    let (Some(old_name), Some(old), Some(new)) = (
        old.map(|side| &side.name),
        old.and_then(|side| side.report.as_ref()),
        new.report.as_ref(),
    ) else {
        return remarks;
    };
    if old.schema < SCHEMA {
        remarks.push(format!(
            "the report of `{old_name}` is older: it has schema {}, and this pywasm writes {SCHEMA}",
            old.schema
        ));
    }
    let differences = new.setting_differences(old).into_iter();
    remarks.extend(
        differences.map(|(what, before, now)| format!("`{what}` differs: {before} before, {now} now")),
    );
    remarks
}
