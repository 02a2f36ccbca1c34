//! Packs a result into an entry of a shared store, and unpacks it if no bit has changed.
//!
//! The first line describes the entry: `pywasm-cache KIND KEY SHA256 LENGTH`. The content follows,
//! compressed with Zstandard. The digest covers the uncompressed content. The line repeats the kind
//! and the key, so that an entry under a wrong name is detected too.

use std::io::Read;

use pywasm_digest::Digest;

/// The largest entry on the store, in bytes.
pub(crate) const MAX_PACKED: u64 = 128 << 20;

/// The largest result, in bytes.
pub(crate) const MAX_CONTENT: usize = 512 << 20;

/// The compression level: leaves about a third of the bytes at the speed of a disk.
const LEVEL: i32 = 3;

const MAGIC: &str = "pywasm-cache";

/// Packs `content` into an entry; `None` if it is too large.
pub(crate) fn pack(kind: &str, name: &str, content: &[u8]) -> Option<Vec<u8>> {
    if content.len() > MAX_CONTENT {
        return None;
    }
    let digest = Digest::compute(content);
    let mut entry = format!("{MAGIC} {kind} {name} {digest} {}\n", content.len()).into_bytes();
    entry.extend(zstd::encode_all(content, LEVEL).ok()?);
    (entry.len() as u64 <= MAX_PACKED).then_some(entry)
}

/// Unpacks the content of an entry; `None` if anything is wrong with it.
pub(crate) fn unpack(kind: &str, name: &str, entry: &[u8]) -> Option<Vec<u8>> {
    let end = entry.iter().position(|&byte| byte == b'\n')?;
    let head = std::str::from_utf8(&entry[..end]).ok()?;
    let rest = head.strip_prefix(&format!("{MAGIC} {kind} {name} "))?;
    let (digest, length) = rest.split_once(' ')?;
    let digest: Digest = digest.parse().ok()?;
    let length: usize = length.parse().ok().filter(|&length| length <= MAX_CONTENT)?;
    // Uses only as much memory as the first line says, even if the rest would unpack to more.
    let mut content = Vec::new();
    let mut decoder = zstd::Decoder::new(&entry[end + 1..]).ok()?;
    let most = length as u64 + 1;
    decoder.by_ref().take(most).read_to_end(&mut content).ok()?;
    (content.len() == length && Digest::compute(&content) == digest).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "0123";

    fn content() -> Vec<u8> {
        (0..5000_u32)
            .flat_map(|number| (number / 7).to_le_bytes())
            .collect()
    }

    #[test]
    fn what_was_packed_comes_back() {
        for content in [content(), Vec::new()] {
            let entry = pack("shake", NAME, &content).expect("an entry");
            assert_eq!(unpack("shake", NAME, &entry), Some(content));
        }
    }

    #[test]
    fn no_changed_byte_is_used() {
        let entry = pack("shake", NAME, &content()).expect("an entry");
        for at in 0..entry.len() {
            let mut changed = entry.clone();
            changed[at] ^= 1;
            let found = unpack("shake", NAME, &changed);
            // A frame has bits without a meaning; the content is then the same.
            assert!(found.is_none_or(|found| found == content()), "byte {at}");
        }
        for length in 0..entry.len() {
            assert_eq!(unpack("shake", NAME, &entry[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn an_entry_in_the_place_of_another_is_found() {
        let entry = pack("shake", NAME, &content()).expect("an entry");
        assert_eq!(unpack("optimize", NAME, &entry), None);
        assert_eq!(unpack("shake", "0124", &entry), None);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![0; 64 << 20];
        let bomb = zstd::encode_all(&zeros[..], 1).expect("packs");
        let digest = Digest::compute(&zeros);
        for length in ["100", "99999999999999999999", "18446744073709551615", "-1"] {
            let mut entry = format!("{MAGIC} shake {NAME} {digest} {length}\n").into_bytes();
            entry.extend_from_slice(&bomb);
            assert_eq!(unpack("shake", NAME, &entry), None, "{length}");
        }
    }
}
