//! Signs `SHA256SUMS` in minisign's format, and checks such signatures. The files are compatible
//! with the program `minisign`.

use std::io;

use ct_codecs::{Base64, Decoder as _};
use minisign::{PublicKeyBox, SecretKeyBox, SignatureBox};

pub use pywasm_dist::SUMS;

/// The file with the signature.
pub const SIGNATURE: &str = "SHA256SUMS.minisig";

/// The first line of a signature. The key does not protect it, so it is always the same.
const UNTRUSTED: &str = "signature of a release made by pywasm";

/// The start of the comment that the key protects.
const TRUSTED: &str = "pywasm release ";

/// The length of the second signature, which covers the comment: 64 bytes in Base64.
const COMMENT_SIGNATURE: usize = 88;

/// The lengths of a secret key and of the checksum at its end.
const SECRET_KEY: usize = 158;
const CHECKSUM: usize = 32;

/// A key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not a secret key, or the password is wrong.
    #[error("this minisign secret key cannot be used: {0}")]
    Secret(String),
    /// The text is not a public key.
    #[error("this is not a minisign public key: {0}")]
    Public(String),
    /// Signing failed.
    #[error("cannot sign: {0}")]
    Sign(String),
}

/// A key to sign with.
pub struct SecretKey(minisign::SecretKey);

impl SecretKey {
    /// Reads a secret key. `password` is called only if the key has a password.
    ///
    /// # Errors
    /// When the text is not a key, or the password is missing or wrong.
    pub fn open<E>(
        text: &str,
        password: impl FnOnce() -> Result<String, E>,
    ) -> Result<Result<Self, KeyError>, E> {
        let wrong = |error: minisign::PError| KeyError::Secret(error.to_string());
        let parse = || SecretKeyBox::from_string(text).map_err(wrong);
        if !is_encrypted(text) {
            let open = parse().and_then(|key| key.into_unencrypted_secret_key().map_err(wrong));
            return Ok(open
                .or_else(|error| read_without_checksum(text).ok_or(error))
                .map(Self));
        }
        let password = password()?;
        Ok(parse()
            .and_then(|key| key.into_secret_key(Some(password)).map_err(wrong))
            .map(Self))
    }

    /// Signs the sums of the release `stem`. The comment does not contain a time.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn sign(&self, sums: &[u8], stem: &str) -> Result<Vec<u8>, KeyError> {
        let comment = format!("{TRUSTED}{stem}");
        let public = minisign::PublicKey::from_secret_key(&self.0).ok();
        minisign::sign(public.as_ref(), &self.0, sums, Some(&comment), Some(UNTRUSTED))
            .map(|signature| signature.to_string().into_bytes())
            .map_err(|error| KeyError::Sign(error.to_string()))
    }
}

/// Reads a key from `minisign -G -W`, which writes zeros as the checksum.
fn read_without_checksum(text: &str) -> Option<minisign::SecretKey> {
    let bytes = Base64::decode_to_vec(text.lines().nth(1)?, None).ok()?;
    let (_, checksum) = bytes.split_at_checked(SECRET_KEY - CHECKSUM)?;
    let key = minisign::SecretKey::from_bytes(&bytes).ok()?;
    (checksum == [0; CHECKSUM] && !key.is_encrypted()).then_some(key)
}

/// Whether the key needs a password, by the key derivation function that it names.
fn is_encrypted(text: &str) -> bool {
    // Base64 of `Ed`, the algorithm, and of `Sc`, scrypt.
    text.lines().nth(1).is_some_and(|key| key.starts_with("RWRTY"))
}

/// A key to verify with.
pub struct PublicKey(minisign::PublicKey);

impl PublicKey {
    /// Reads a public key: the text of a key file, or only the key in Base64.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let key = if text.contains('\n') {
            PublicKeyBox::from_string(text).and_then(PublicKeyBox::into_public_key)
        } else {
            minisign::PublicKey::from_base64(text)
        };
        key.map(Self).map_err(|error| KeyError::Public(error.to_string()))
    }
}

/// Formats the id of a key as minisign prints it.
fn format_id(keynum: &[u8]) -> String {
    keynum.iter().rev().map(|byte| format!("{byte:02X}")).collect()
}

/// Checks the format of a signature and, with a key, the signature itself. Returns the id of its
/// key.
pub(crate) fn check(
    signature: &[u8],
    sums: &[u8],
    stem: &str,
    key: Option<&PublicKey>,
) -> Result<String, String> {
    let malformed = || "the file is not a minisign signature".to_owned();
    let text = std::str::from_utf8(signature).map_err(|_| malformed())?;
    if text.lines().nth(3).map(str::len) != Some(COMMENT_SIGNATURE) {
        return Err(malformed());
    }
    let parsed = SignatureBox::from_string(text).map_err(|_| malformed())?;
    let trusted = parsed.trusted_comment().map_err(|_| malformed())?;
    if parsed.to_string() != text {
        return Err(malformed());
    }
    if let Some(named) = trusted.strip_prefix(TRUSTED) {
        if named != stem {
            return Err(format!("the signature is for the release {named}"));
        }
        if parsed.untrusted_comment().ok().as_deref() != Some(UNTRUSTED) {
            return Err("the first line is not the one that pywasm writes".to_owned());
        }
    }
    if let Some(PublicKey(key)) = key {
        minisign::verify(key, &parsed, io::Cursor::new(sums), true, false, false)
            .map_err(|error| format!("the signature does not match the public key: {error}"))?;
    }
    Ok(format_id(parsed.keynum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (SecretKey, PublicKey, String) {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().expect("keys");
        let text = pair.sk.to_box(None).expect("a box").to_string();
        let secret = SecretKey::open(&text, || Err("no password is needed"));
        let secret = secret.expect("no question").expect("a key");
        (
            secret,
            PublicKey::parse(&pair.pk.to_base64()).expect("a key"),
            text,
        )
    }

    #[test]
    fn every_flipped_bit_of_a_signature_is_detected() {
        let (secret, public, _) = pair();
        let signature = secret.sign(b"sums", "app-1.0").expect("signed");
        assert!(check(&signature, b"sums", "app-1.0", Some(&public)).is_ok());
        assert!(check(&signature, b"sumz", "app-1.0", Some(&public)).is_err());
        assert!(check(&signature, b"sums", "app-1.1", Some(&public)).is_err());
        for bit in 0..signature.len() * 8 {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                check(&changed, b"sums", "app-1.0", Some(&public)).is_err(),
                "bit {bit}"
            );
        }
        for length in 0..signature.len() {
            assert!(check(&signature[..length], b"sums", "app-1.0", Some(&public)).is_err());
        }
    }

    #[test]
    fn other_keys_are_refused() {
        let (secret, _, text) = pair();
        let (_, other, _) = pair();
        let signature = secret.sign(b"sums", "app-1.0").expect("signed");
        assert!(check(&signature, b"sums", "app-1.0", Some(&other)).is_err());
        for text in ["", "key", &text[..text.len() - 9]] {
            let key = SecretKey::open(text, || Ok::<_, ()>(String::new())).expect("no question");
            assert!(key.is_err());
            assert!(PublicKey::parse(text).is_err());
        }
    }
}
