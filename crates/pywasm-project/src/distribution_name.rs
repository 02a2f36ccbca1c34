//! Normalizes the names of distributions, extras and groups, so that two spellings of one name are
//! equal (PEP 503, PEP 685, PEP 735).

/// Lower case, with one `-` for each run of `-`, `_` and `.`.
#[must_use]
pub fn normalize(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.trim().chars() {
        if !matches!(c, '-' | '_' | '.') {
            normal.push(c.to_ascii_lowercase());
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    normal
}

/// Whether the text can be a name at all (PEP 508).
#[must_use]
pub fn is_distribution_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let edge = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(edge) && text.ends_with(edge) && text.chars().all(inner)
}
