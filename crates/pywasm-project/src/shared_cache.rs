//! `[tool.pywasm.cache]`: where results are shared with other machines. In: its table. Out: a URL
//! as written, which `pywasm-cache` understands, and whether anything is written there.

use toml::de::DeTable;

use crate::load::Request;
use crate::table::Reader;

/// The keys of `[tool.pywasm.cache]`.
const KEYS: &[&str] = &["url", "read-only"];

/// What the project says of a shared cache.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedCache {
    /// Where it is.
    pub url: Option<Request>,
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
        url: reader.string(table, "url").map(|item| Request {
            value: item.value,
            place: Some(item.place),
        }),
        read_only: reader.boolean(table, "read-only").unwrap_or(false),
    }
}
