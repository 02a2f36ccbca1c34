//! Reads `[tool.pywasm.cache]`: the URL of a cache that is shared with other machines, and whether
//! it is only read. `pywasm-cache` understands the URL.

use toml::de::DeTable;

use crate::spanned::Spanned;
use crate::table::Reader;

/// The keys of `[tool.pywasm.cache]`.
const KEYS: &[&str] = &["url", "read-only"];

/// What the project says of a shared cache.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedCache {
    /// Where it is.
    pub url: Option<Spanned<String>>,
    /// Whether it is only read.
    pub read_only: bool,
}

/// Reads `[tool.pywasm.cache]`.
pub(crate) fn read<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> SharedCache {
    let Some(table) = reader.table(tool, "cache") else {
        return SharedCache::default();
    };
    reader.refuse_unknown(table, "[tool.pywasm.cache]", KEYS);
    SharedCache {
        url: reader.string(table, "url").map(|item| Spanned {
            value: item.value,
            place: Some(item.place),
        }),
        read_only: reader.boolean(table, "read-only").unwrap_or(false),
    }
}
