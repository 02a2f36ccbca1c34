//! Two sides in, what keeps them from being compared in full out; and what differs between them
//! besides the program, since it explains differences that the program does not.

use super::Side;
use crate::SCHEMA;

pub(super) fn between(old: Option<&Side>, new: &Side) -> Vec<String> {
    let mut remarks = Vec::new();
    for side in old.into_iter().chain([new]) {
        remarks.extend(side.remarks.iter().cloned());
        match (&side.report, &side.symbols) {
            (None, _) => remarks.push(format!(
                "`{}` has no report beside it, so only the sizes of files are compared",
                side.name
            )),
            // What is wrong with the file has been said.
            (Some(_), None) if !side.remarks.is_empty() => {}
            (Some(_), None) => remarks.push(format!(
                "`{}` has no symbol file beside it, so functions are not compared",
                side.name
            )),
            (Some(_), Some(symbols)) if !symbols.has_files() => remarks.push(format!(
                "the symbol file of `{}` does not tell source files, so what code a builtin module brings is not known",
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
            "the report of `{old_name}` is older: its schema is {}, this pywasm writes {SCHEMA}",
            old.schema
        ));
    }
    let otherwise = new.built_otherwise(old).into_iter();
    remarks.extend(otherwise.map(|(what, before, now)| format!("`{what}` differs: {before}, then {now}")));
    remarks
}
