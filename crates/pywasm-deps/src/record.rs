//! `RECORD`: the list of a distribution's files with their digests and sizes, text in, its lines
//! out and back. It is CSV: a field may stand in quotes, with each quote inside doubled.

use pywasm_digest::Digest;

/// A line of a `RECORD`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordFile {
    /// Relative to the folder that holds the `*.dist-info`, with `/`.
    pub path: String,
    /// Its digest; `RECORD` itself has none.
    pub sha256: Option<Digest>,
    /// Its size in bytes.
    pub size: Option<u64>,
}

/// The lines, or what is wrong with the first bad one. A digest of another kind than SHA-256 is
/// passed over: such a line has none.
pub(crate) fn parse(text: &str) -> Result<Vec<RecordFile>, String> {
    let mut files = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let fields = fields(line).ok_or_else(|| format!("`{line}` is no line of it"))?;
        let [path, hash, size] = fields.as_slice() else {
            return Err(format!("`{line}` has {} fields and not 3", fields.len()));
        };
        let sha256 = match hash.strip_prefix("sha256=") {
            Some(digits) => Some(from_base64(digits).ok_or_else(|| format!("`{line}` has no good digest"))?),
            None => None,
        };
        let size = match size.trim() {
            "" => None,
            digits => Some(digits.parse().map_err(|_| format!("`{line}` has no good size"))?),
        };
        files.push(RecordFile {
            path: path.clone(),
            sha256,
            size,
        });
    }
    Ok(files)
}

/// The text of the lines, in the order given.
pub(crate) fn render(files: &[RecordFile]) -> String {
    let mut text = String::new();
    for file in files {
        let quoted = file.path.contains([',', '"']);
        if quoted {
            text += &format!("\"{}\"", file.path.replace('"', "\"\""));
        } else {
            text += &file.path;
        }
        text.push(',');
        if let Some(digest) = &file.sha256 {
            text += "sha256=";
            text += &to_base64(digest);
        }
        text.push(',');
        if let Some(size) = file.size {
            text += &size.to_string();
        }
        text.push('\n');
    }
    text
}

fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let field = fields.last_mut()?;
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => fields.push(String::new()),
            c => field.push(c),
        }
    }
    (!quoted).then_some(fields)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// URL-safe Base64, with or without its padding.
fn from_base64(text: &str) -> Option<Digest> {
    let (mut bits, mut count, mut hex) = (0u32, 0, String::new());
    for c in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|letter| *letter == c)?;
        bits = (bits << 6 | u32::try_from(value).ok()?) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            hex += &format!("{:02x}", bits >> count & 0xff);
        }
    }
    hex.parse().ok()
}

fn to_base64(digest: &Digest) -> String {
    let hex = digest.to_string();
    let (mut bits, mut count, mut text) = (0u32, 0, String::new());
    let mut push = |bits: u32| text.push(char::from(ALPHABET[(bits & 63) as usize]));
    for digit in hex.chars() {
        bits = (bits << 4 | digit.to_digit(16).unwrap_or(0)) & 0xffff;
        count += 4;
        if count >= 6 {
            count -= 6;
            push(bits >> count);
        }
    }
    if count > 0 {
        push(bits << (6 - count));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_and_written() {
        let empty = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        let text = format!("a.py,sha256={empty},0\n\"b,\"\"c.py\",sha256={empty},0\nx/RECORD,,\n");
        let files = parse(&text).expect("is one");
        assert_eq!(files[0].sha256, Some(Digest::compute(b"")));
        assert_eq!(files[1].path, "b,\"c.py");
        assert_eq!(files[2].size, None);
        assert_eq!(render(&files), text);
        for wrong in ["a.py,sha256=AAAA,0", "a.py,,x", "a.py", "\"a.py,,"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
