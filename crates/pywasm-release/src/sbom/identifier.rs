//! Derives identifiers for documents and their parts. The identifier of a document is a UUID of
//! version 8 (RFC 9562) with the first bits of the content's SHA-256, so the same document has the
//! same identifier.

use pywasm_digest::Digest;

/// Derives the UUID of a document.
pub(super) fn uuid(content: &[u8]) -> String {
    let digits = Digest::compute(content).to_string();
    // A digest has 64 ASCII digits, so no slice fails.
    let variant = match digits.as_bytes()[16] {
        b'0' | b'4' | b'8' | b'c' => '8',
        b'1' | b'5' | b'9' | b'd' => '9',
        b'2' | b'6' | b'a' | b'e' => 'a',
        _ => 'b',
    };
    format!(
        "{}-{}-8{}-{variant}{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[13..16],
        &digits[17..20],
        &digits[20..32]
    )
}

/// Replaces each character that an SPDX identifier cannot have with `-`.
pub(super) fn slug(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_follows_from_the_content() {
        assert_eq!(uuid(b"abc"), "ba7816bf-8f01-8fea-8141-40de5dae2223");
        assert_eq!(slug("a_b c+1.0"), "a-b-c-1.0");
    }
}
