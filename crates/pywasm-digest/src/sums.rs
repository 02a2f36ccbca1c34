//! Formats the text of `SHA256SUMS`.

use crate::Digest;

/// Formats one line for each file, sorted by name, as `sha256sum -c` reads it. Names must not contain
/// line breaks.
pub fn sha256sums<'a>(files: impl IntoIterator<Item = (&'a str, Digest)>) -> String {
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_unstable();
    files
        .into_iter()
        .map(|(name, digest)| format!("{digest}  {name}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_by_name() {
        let (a, b) = (Digest::compute(b"a"), Digest::compute(b"b"));
        assert_eq!(sha256sums([("y", b), ("x", a)]), format!("{a}  x\n{b}  y\n"));
    }
}
