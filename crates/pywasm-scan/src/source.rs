//! Reads and decodes a file as PEP 263 says: by its byte order mark, or by a coding cookie in the first
//! two lines, or as UTF-8.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::codecs::{Codecs, Decoder};
use crate::import::Line;

/// The largest source file, in bytes. The parser counts offsets in 32 bits.
const LARGEST: u64 = 512 * 1024 * 1024;

/// A source file's text.
#[derive(Debug)]
pub struct Source {
    /// The decoded text.
    pub text: String,
    /// The file as it was read.
    pub bytes: Arc<[u8]>,
    /// The file's length in bytes.
    pub size: u64,
    /// The codec that its cookie names, if that is not UTF-8.
    pub cookie: Option<String>,
}

/// Why a file has no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableSource {
    /// What is wrong.
    pub message: String,
    /// The line; `None` for the file as a whole.
    pub line: Option<Line>,
    /// The column, from 1, if it is known.
    pub column: Option<u32>,
    /// What to do.
    pub hint: Option<String>,
}

impl UnreadableSource {
    fn for_file(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            line: None,
            column: None,
            hint: None,
        }
    }
}

/// Reads and decodes a file.
pub fn read_source(path: &Path, codecs: &Codecs) -> Result<Source, UnreadableSource> {
    let bytes = read_bytes(path).map_err(|error| {
        UnreadableSource::for_file(match error.kind() {
            io::ErrorKind::NotFound => "the file does not exist".to_owned(),
            io::ErrorKind::PermissionDenied => "the file cannot be read: permission denied".to_owned(),
            _ => format!("the file cannot be read: {error}"),
        })
    })?;
    decode_source(&bytes, codecs)
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 512 MiB"));
    }
    Ok(bytes)
}

/// Decodes a file's bytes.
pub fn decode_source(bytes: &[u8], codecs: &Codecs) -> Result<Source, UnreadableSource> {
    let whole = bytes;
    let size = bytes.len() as u64;
    let (bytes, marked) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let cookie = cookie(bytes);
    let decoder = match &cookie {
        None => Decoder::Utf8,
        Some((name, line)) => {
            let decoder = codecs.decoder(name).ok_or_else(|| UnreadableSource {
                message: format!("unknown encoding `{name}`"),
                line: Line::new(*line),
                column: None,
                hint: Some("save the file as UTF-8 and remove the line".to_owned()),
            })?;
            if marked && decoder != Decoder::Utf8 {
                return Err(UnreadableSource {
                    message: format!(
                        "the file starts with a UTF-8 byte order mark, but its encoding line says `{name}`"
                    ),
                    line: Line::new(*line),
                    column: None,
                    hint: None,
                });
            }
            decoder
        }
    };
    let text = decoder.decode(bytes).map_err(|at| {
        let (line, column) = position(bytes, at);
        let name = cookie.as_ref().map_or("UTF-8", |(name, _)| name);
        let byte = bytes.get(at).copied().unwrap_or_default();
        UnreadableSource {
            message: format!("the file is not valid {name}: byte 0x{byte:02x} at offset {at}"),
            line: Line::new(line),
            column: Some(column),
            hint: cookie.is_none().then(|| {
                "save the file as UTF-8, or name its encoding in the first line: `# coding: latin-1`"
                    .to_owned()
            }),
        }
    })?;
    if let Some(at) = text.find('\0') {
        let (line, column) = position(text.as_bytes(), at);
        return Err(UnreadableSource {
            message: "source code cannot contain null bytes".to_owned(),
            line: Line::new(line),
            column: Some(column),
            hint: None,
        });
    }
    let cookie = cookie.map(|(name, _)| name).filter(|_| decoder != Decoder::Utf8);
    Ok(Source {
        text,
        bytes: whole.into(),
        size,
        cookie,
    })
}

/// Finds the encoding that one of the first two lines names, and the line. The second counts only after
/// a line that is empty or a comment.
fn cookie(bytes: &[u8]) -> Option<(String, u32)> {
    let mut lines = bytes.split(|byte| *byte == b'\n').flat_map(|line| {
        // A lone carriage return ends a line as well.
        line.strip_suffix(b"\r")
            .unwrap_or(line)
            .split(|byte| *byte == b'\r')
    });
    for number in 1..=2 {
        let line = lines.next()?;
        let start = line.iter().position(|byte| !b" \t\x0c".contains(byte));
        match start.map(|at| &line[at..]) {
            None => {}
            Some(comment) if comment[0] == b'#' => {
                if let Some(name) = cookie_in(comment) {
                    return Some((name, number));
                }
            }
            Some(_) => return None,
        }
    }
    None
}

/// Finds the name after `coding:` or `coding=`.
fn cookie_in(comment: &[u8]) -> Option<String> {
    const WORD: &[u8] = b"coding";
    let at = (0..comment.len()).find(|&at| {
        comment[at..].starts_with(WORD) && matches!(comment.get(at + WORD.len()), Some(b':' | b'='))
    })?;
    let rest = &comment[at + WORD.len() + 1..];
    let start = rest.iter().position(|byte| !b" \t".contains(byte))?;
    let name: String = rest[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
        .map(|byte| char::from(*byte))
        .collect();
    if name.is_empty() { None } else { Some(name) }
}

/// Gives the line and column of an offset, both from 1.
fn position(bytes: &[u8], at: usize) -> (u32, u32) {
    let before = &bytes[..at.min(bytes.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, String> {
        let codecs = Codecs::default();
        decode_source(bytes, &codecs)
            .map(|source| source.text)
            .map_err(|fault| fault.message)
    }

    #[test]
    fn cookies_and_marks() {
        assert_eq!(
            text(b"# coding: latin-1\n\xe9").expect("a value"),
            "# coding: latin-1\né"
        );
        assert_eq!(
            text(b"#!x\n# -*- coding=cp1252 -*-\n\x80")
                .expect("a value")
                .chars()
                .last(),
            Some('€')
        );
        assert_eq!(text(b"\xef\xbb\xbfx").expect("a value"), "x");
        assert_eq!(
            text(b"x = 1\n# coding: latin-1\n\xe9").expect_err("an error"),
            "the file is not valid UTF-8: byte 0xe9 at offset 24"
        );
        assert_eq!(
            text(b"# coding: klingon\n").expect_err("an error"),
            "unknown encoding `klingon`"
        );
        assert_eq!(
            text(b"a\0").expect_err("an error"),
            "source code cannot contain null bytes"
        );
        assert!(text(b"\xef\xbb\xbf# coding: latin-1\n").is_err());
        assert_eq!(
            text(b"\n\n# coding: latin-1\n").expect("a value"),
            "\n\n# coding: latin-1\n"
        );
    }
}
