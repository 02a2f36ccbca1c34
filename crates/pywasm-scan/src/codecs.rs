//! Finds the module that implements a codec, for any name that `str.encode` accepts, as the standard
//! library's package `encodings` does. Also decodes source files that are not UTF-8.

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::Encoding;
use ruff_python_ast::{Expr, Stmt};

/// The codecs that a stdlib has.
#[derive(Debug, Default)]
pub struct Codecs {
    aliases: BTreeMap<String, String>,
    modules: BTreeSet<String>,
}

/// Codecs that no source file can use: those from bytes to bytes or from text to text, and those that
/// do not write ASCII with one byte for each character.
const NOT_FOR_SOURCES: &[&str] = &[
    "base64_codec",
    "bz2_codec",
    "charmap",
    "hex_codec",
    "idna",
    "mbcs",
    "oem",
    "palmos",
    "punycode",
    "quopri_codec",
    "raw_unicode_escape",
    "rot_13",
    "undefined",
    "unicode_escape",
    "utf_16",
    "utf_16_be",
    "utf_16_le",
    "utf_32",
    "utf_32_be",
    "utf_32_le",
    "uu_codec",
    "zlib_codec",
];

impl Codecs {
    /// Makes the codecs from the text of `encodings/aliases.py` and the names of the modules beside it.
    pub fn new(aliases_py: &str, modules: BTreeSet<String>) -> Self {
        let mut aliases = BTreeMap::new();
        if let Ok(parsed) = ruff_python_parser::parse_module(aliases_py) {
            for stmt in &parsed.syntax().body {
                let Stmt::Assign(assign) = stmt else { continue };
                let Expr::Dict(dict) = assign.value.as_ref() else {
                    continue;
                };
                for item in &dict.items {
                    if let (Some(Expr::StringLiteral(key)), Expr::StringLiteral(value)) =
                        (item.key.as_ref(), &item.value)
                    {
                        aliases.insert(key.value.to_string(), value.value.to_string());
                    }
                }
            }
        }
        Self { aliases, modules }
    }

    /// Lists the modules in `encodings`, sorted.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        self.modules.iter().map(String::as_str)
    }

    /// Lists the names of codecs: modules and aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.modules().chain(self.aliases.keys().map(String::as_str))
    }

    /// Gives the name of the module in `encodings` that implements the codec.
    pub fn module(&self, name: &str) -> Option<&str> {
        let normal = normalize(name);
        let alias = self
            .aliases
            .get(&normal)
            .or_else(|| self.aliases.get(&normal.replace('.', "_")));
        let candidates = alias.map(String::as_str).into_iter().chain([normal.as_str()]);
        candidates
            .filter(|name| !name.contains('.'))
            .find_map(|name| self.modules.get(name))
            .map(String::as_str)
    }

    /// Gives the decoder for a source file whose cookie names this codec.
    pub fn decoder(&self, name: &str) -> Option<Decoder> {
        let normal = normalize(name);
        let normal = match normal.as_str() {
            "utf8" => "utf_8",
            "latin1" | "iso_8859_1" | "iso8859_1" | "iso_latin_1" => "latin_1",
            "us_ascii" => "ascii",
            other => other,
        };
        let module = self.module(normal).unwrap_or(normal);
        if NOT_FOR_SOURCES.contains(&module) {
            return None;
        }
        Some(match module {
            "utf_8" | "utf_8_sig" => Decoder::Utf8,
            "ascii" => Decoder::Ascii,
            "latin_1" | "iso8859_1" => Decoder::Latin1,
            _ => match Encoding::for_label(label(module).as_bytes()) {
                Some(encoding) if encoding != encoding_rs::REPLACEMENT => Decoder::Known(encoding),
                // A codec that only Python has. All of these agree with ASCII in its range, and
                // no import is written with anything else.
                _ if self.modules.contains(module) => Decoder::AsciiPart,
                _ => return None,
            },
        })
    }
}

/// Decodes the bytes of a source file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decoder {
    /// UTF-8.
    Utf8,
    /// ASCII.
    Ascii,
    /// Latin 1.
    Latin1,
    /// Another encoding that browsers know.
    Known(&'static Encoding),
    /// ASCII, with any other byte as some letter.
    AsciiPart,
}

impl Decoder {
    /// Decodes the text. The error is the offset of the first wrong byte.
    pub fn decode(self, bytes: &[u8]) -> Result<String, usize> {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(text.to_owned()),
                Err(error) => Err(error.valid_up_to()),
            },
            Self::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
                None => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
                Some(at) => Err(at),
            },
            Self::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Self::Known(encoding) => {
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
                text.map(|text| text.into_owned())
                    .ok_or_else(|| bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default())
            }
            Self::AsciiPart => {
                let letter = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { 'ª' };
                Ok(bytes.iter().map(letter).collect())
            }
        }
    }
}

/// Folds a codec's name as the `encodings` package does: runs of other characters become one
/// underscore, and letters are small.
fn normalize(name: &str) -> String {
    let mut normal = String::new();
    let mut gap = false;
    for c in name.chars() {
        if c.is_alphanumeric() || c == '.' {
            if gap && !normal.is_empty() {
                normal.push('_');
            }
            gap = false;
            if c.is_ascii() {
                normal.push(c.to_ascii_lowercase());
            }
        } else {
            gap = true;
        }
    }
    normal
}

/// Gives the WHATWG label for one of Python's codec modules, if the two mean the same.
fn label(module: &str) -> String {
    match module {
        "mac_roman" => "macintosh".to_owned(),
        "mac_cyrillic" => "x-mac-cyrillic".to_owned(),
        "cp866" => "ibm866".to_owned(),
        "cp874" => "windows-874".to_owned(),
        "cp932" => "shift_jis".to_owned(),
        "cp936" => "gbk".to_owned(),
        "cp949" => "euc-kr".to_owned(),
        "cp950" => "big5".to_owned(),
        "iso2022_jp" => "iso-2022-jp".to_owned(),
        "gbk" | "gb2312" | "gb18030" | "big5" | "shift_jis" => module.to_owned(),
        "euc_jp" | "euc_kr" | "koi8_r" | "koi8_u" => module.replace('_', "-"),
        _ => match (
            module.strip_prefix("cp125"),
            module
                .strip_prefix("iso8859_")
                .or(module.strip_prefix("iso_8859_")),
        ) {
            (Some(digit), _) => format!("windows-125{digit}"),
            (_, Some(part)) => format!("iso-8859-{part}"),
            _ => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codecs() -> Codecs {
        let modules = ["utf_8", "latin_1", "cp1252", "cp437", "hex_codec", "iso8859_15"];
        let aliases = "aliases = {'latin': 'latin_1', 'l9': 'iso8859_15', 'hex': 'hex_codec'}";
        Codecs::new(aliases, modules.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn names_are_folded_and_aliased() {
        let codecs = codecs();
        assert_eq!(codecs.module("UTF-8"), Some("utf_8"));
        assert_eq!(codecs.module(" Latin "), Some("latin_1"));
        assert_eq!(codecs.module("L9"), Some("iso8859_15"));
        assert_eq!(codecs.module("klingon"), None);
        assert_eq!(codecs.module("a.b"), None);
    }

    #[test]
    fn sources_are_decoded() {
        let codecs = codecs();
        let decode = |name: &str, bytes: &[u8]| codecs.decoder(name).expect("a value").decode(bytes);
        assert_eq!(decode("utf-8", b"\xc3\xa9"), Ok("é".to_owned()));
        assert_eq!(decode("utf-8", b"ab\xe9"), Err(2));
        assert_eq!(decode("latin-1", b"\xe9"), Ok("é".to_owned()));
        assert_eq!(decode("cp1252", b"\x80"), Ok("€".to_owned()));
        assert_eq!(decode("iso-8859-15", b"\xa4"), Ok("€".to_owned()));
        assert_eq!(decode("cp437", b"a\x80"), Ok("aª".to_owned()));
        assert_eq!(decode("ascii", b"a\x80"), Err(1));
        assert_eq!(codecs.decoder("hex"), None);
        assert_eq!(codecs.decoder("klingon"), None);
    }
}
