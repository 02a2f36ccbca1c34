//! An entry of a shared store: kind, key and content in, bytes to send out; and back, where not a
//! bit has changed.
//!
//! The first line tells what it is: `pywasm-cache KIND KEY SHA256 LENGTH`; the content follows in
//! Zstandard's format. The digest is over the content as it is used, and the kind and the key are
//! told again, so that an entry under another one's name is found, too.

use std::io::Read;

use pywasm_digest::Digest;

/// The most that an entry takes on the store, in bytes.
pub(crate) const MOST_PACKED: u64 = 128 << 20;

/// The most that a result has, in bytes.
pub(crate) const MOST: usize = 512 << 20;

/// How hard is tried to make an entry small: enough for a third of the bytes at the speed of a disk.
const LEVEL: i32 = 3;

const MAGIC: &str = "pywasm-cache";

/// What is stored for `content`; `None` where it is too much for an entry.
pub(crate) fn pack(kind: &str, name: &str, content: &[u8]) -> Option<Vec<u8>> {
    if content.len() > MOST {
        return None;
    }
    let digest = Digest::compute(content);
    let mut entry = format!("{MAGIC} {kind} {name} {digest} {}\n", content.len()).into_bytes();
    entry.extend(zstd::encode_all(content, LEVEL).ok()?);
    (entry.len() as u64 <= MOST_PACKED).then_some(entry)
}

/// The content of an entry; `None` where anything of it is wrong.
pub(crate) fn unpack(kind: &str, name: &str, entry: &[u8]) -> Option<Vec<u8>> {
    let end = entry.iter().position(|&byte| byte == b'\n')?;
    let head = std::str::from_utf8(&entry[..end]).ok()?;
    let rest = head.strip_prefix(&format!("{MAGIC} {kind} {name} "))?;
    let (digest, length) = rest.split_once(' ')?;
    let digest: Digest = digest.parse().ok()?;
    let length: usize = length.parse().ok().filter(|&length| length <= MOST)?;
    // No more memory than the head says, whatever the rest would unpack to.
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
            // A frame has bits that mean nothing; the content is the same then.
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
