//! Applies the project's `codecs`: names and groups come in, modules of `encodings` go out, and an error
//! for each name that is not known.

use pywasm_diagnostic::Diagnostic;
use pywasm_project::closest;
use pywasm_scan::Codecs;

use crate::lookup::Lookup;
use crate::request::Request;
use crate::selection::IncludedModules;

/// Codecs for text that most of Europe and America have written. All of them together are small.
pub(crate) const WESTERN: &[&str] = &[
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1257",
    "cp437",
    "cp850",
    "cp852",
    "cp858",
    "cp866",
    "iso8859_1",
    "iso8859_15",
    "iso8859_2",
    "iso8859_5",
    "iso8859_7",
    "iso8859_9",
    "koi8_r",
    "koi8_u",
    "latin_1",
    "mac_roman",
    "utf_16",
    "utf_16_be",
    "utf_16_le",
    "utf_32",
    "utf_7",
    "utf_8_sig",
];

/// Encodings of Chinese, Japanese and Korean.
const ASIAN: &[&str] = &[
    "big5",
    "big5hkscs",
    "cp932",
    "cp949",
    "cp950",
    "euc_jis_2004",
    "euc_jisx0213",
    "euc_jp",
    "euc_kr",
    "gb18030",
    "gb2312",
    "gbk",
    "hz",
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_2004",
    "iso2022_jp_3",
    "iso2022_jp_ext",
    "iso2022_kr",
    "johab",
    "shift_jis",
    "shift_jis_2004",
    "shift_jisx0213",
];

/// The group of all encodings that the base has.
const ALL: &str = "all";

/// What a name of `codecs` may be besides an encoding.
const GROUPS: &[(&str, &[&str])] = &[("western", WESTERN), ("asian", ASIAN)];

/// Adds what `codecs` names to what `include` adds.
pub(crate) fn add_codecs(
    request: &Request,
    codecs: &Codecs,
    lookup: &mut Lookup<'_>,
    included: &mut IncludedModules,
) {
    for name in &request.codecs {
        let lower = name.value.to_lowercase();
        let group = GROUPS.iter().find(|(group, _)| *group == lower);
        if lower == ALL || group.is_some() {
            let wanted = |module: &str| group.is_none_or(|(_, members)| members.contains(&module));
            let modules = codecs.modules().filter(|module| wanted(module));
            let modules = modules.map(|module| format!("encodings.{module}"));
            let modules = modules.filter(|module| !lookup.is_excluded(module));
            included.matches.extend(modules);
        } else if let Some(module) = codecs.module(&name.value) {
            included.names.push(format!("encodings.{module}"));
        } else {
            let message = format!("`codecs`: CPython has no encoding `{}`", name.value);
            let mut diagnostic = Diagnostic::new(message);
            diagnostic.location.clone_from(&name.place);
            let groups = GROUPS.iter().map(|(group, _)| *group);
            let names = groups.chain([ALL]).chain(codecs.names());
            diagnostic = diagnostic.with_hint(match closest(&name.value, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "name an encoding as Python does, or one of the groups all, asian and western".to_owned()
                }
            });
            included.errors.push(diagnostic);
        }
    }
}
