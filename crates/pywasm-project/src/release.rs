//! Reads `[tool.pywasm.release]`: the optional parts of a release.

use toml::de::DeTable;

use crate::suggest::closest;
use crate::table::Reader;
use pywasm_diagnostic::Diagnostic;

/// The keys.
const KEYS: &[&str] = &["gzip", "zstd", "archive"];

/// The words of `archive`.
const ARCHIVES: &[&str] = &["tar.gz", "tar.zst"];

/// The optional parts of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseSettings {
    /// Whether the module is also compressed with gzip.
    pub gzip: bool,
    /// Whether the module is also compressed with Zstandard.
    pub zstd: bool,
    /// How the archive is compressed, if it was said: `tar.gz` or `tar.zst`.
    pub archive: Option<String>,
}

/// Reads the table; `tool` is `[tool.pywasm]`.
pub(crate) fn read<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> ReleaseSettings {
    let Some(table) = reader.table(tool, "release") else {
        return ReleaseSettings::default();
    };
    reader.refuse_unknown(table, "[tool.pywasm.release]", KEYS);
    let archive = reader.string(table, "archive");
    if let Some(item) = &archive
        && !ARCHIVES.contains(&item.value.as_str())
    {
        let message = format!("`archive`: `{}` is not one of `tar.gz`, `tar.zst`", item.value);
        let mut diagnostic = Diagnostic::new(message).with_location(item.place.clone());
        if let Some(near) = closest(&item.value, ARCHIVES.iter().copied()) {
            diagnostic = diagnostic.with_hint(format!("did you mean `{near}`?"));
        }
        reader.diagnostics.push(diagnostic);
    }
    ReleaseSettings {
        gzip: reader.boolean(table, "gzip") == Some(true),
        zstd: reader.boolean(table, "zstd") == Some(true),
        archive: archive.map(|item| item.value),
    }
}
