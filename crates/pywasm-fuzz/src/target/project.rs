//! What a project holds: `pyproject.toml`, C sources, a trace; and sizes and names as users write them.

use pywasm_pipeline::fuzz::{read_c_source, read_trace};
use pywasm_project::{
    Additions, Allow, Entry, ModulePattern, add, fuzz::read_pyproject, is_dotted_name, normalize, replace,
};
use pywasm_report::parse_size;
use pywasm_target::PythonVersion;

use crate::text;

/// The text of a `pyproject.toml`.
pub(crate) fn pyproject(bytes: &[u8]) {
    let _messages = read_pyproject(text(bytes));
}

/// A change of a `pyproject.toml` by pywasm: what is written has no new fault.
pub(crate) fn pyproject_edit(bytes: &[u8]) {
    let text = text(bytes);
    let additions = Additions {
        include: vec!["json.decoder".to_owned()],
        data: vec!["a.txt".to_owned()],
    };
    let path = ["budget".to_owned(), "module".to_owned()];
    let edited = [add(text, &additions), replace(text, &path, "64 MB")];
    if read_pyproject(text).is_empty() {
        for edited in edited.into_iter().flatten() {
            let faults = read_pyproject(&edited);
            assert!(faults.is_empty(), "{faults:?} in:\n{edited}");
        }
    }
}

/// The text of a C file.
pub(crate) fn c_source(bytes: &[u8]) {
    let names = read_c_source(&String::from_utf8_lossy(bytes));
    assert!(names.iter().all(|name| is_dotted_name(name)));
}

/// What a traced program left.
pub(crate) fn trace(bytes: &[u8]) {
    for path in read_trace(&String::from_utf8_lossy(bytes)) {
        assert!(
            path.starts_with('/') && path.split('/').all(|part| part != ".."),
            "{path}"
        );
    }
}

/// Sizes, versions, patterns, entries and names.
pub(crate) fn size_text(bytes: &[u8]) {
    let text = text(bytes);
    let _size = parse_size(text);
    let _version = text.parse::<PythonVersion>();
    let _allow = text.parse::<Allow>();
    if let Ok(pattern) = text.parse::<ModulePattern>() {
        let again = pattern.to_string().parse::<ModulePattern>();
        assert_eq!(
            again.ok().map(|again| again.to_string()),
            Some(pattern.to_string())
        );
    }
    if let Ok(entry) = text.parse::<Entry>() {
        let again = entry.to_string().parse::<Entry>();
        assert_eq!(again.ok().map(|again| again.to_string()), Some(entry.to_string()));
    }
    let name = normalize(text);
    assert_eq!(normalize(&name), name);
}
