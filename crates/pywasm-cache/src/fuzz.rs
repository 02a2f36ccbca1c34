//! Opens the reader of a shared store's entries to the fuzz targets of `pywasm-fuzz`. Nothing else uses this.

use crate::entry;

/// Packs content as an entry of the kind `shake` under the name `0123`.
pub fn pack(content: &[u8]) -> Option<Vec<u8>> {
    entry::pack("shake", "0123", content)
}

/// Unpacks such an entry, if no bit of it has changed.
pub fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    entry::unpack("shake", "0123", bytes)
}
