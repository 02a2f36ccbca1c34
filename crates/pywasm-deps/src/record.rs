//! Reads and writes `RECORD`, the list of a distribution's files with their digests and sizes. It
//! is CSV with three fields in each line.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
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

/// Digests are written without padding and read with or without it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The lines, or the fault of the first bad one. A line whose digest is not SHA-256 counts as one
/// without a digest.
pub(crate) fn parse(text: &str) -> Result<Vec<RecordFile>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut files = Vec::new();
    for line in reader.records() {
        let line = line.map_err(|error| error.to_string())?;
        let fields: Vec<&str> = line.iter().collect();
        let shown = fields.join(",");
        if shown.trim().is_empty() {
            continue;
        }
        let [path, hash, size] = fields.as_slice() else {
            return Err(format!(
                "the line `{shown}` has {} fields instead of 3",
                fields.len()
            ));
        };
        let sha256 = match hash.strip_prefix("sha256=") {
            Some(text) => Some(decode(text).ok_or_else(|| format!("the digest in `{shown}` is malformed"))?),
            None => None,
        };
        let size = match size.trim() {
            "" => None,
            digits => {
                let size = digits.parse();
                Some(size.map_err(|_| format!("the size in `{shown}` is not a number"))?)
            }
        };
        files.push(RecordFile {
            path: (*path).to_owned(),
            sha256,
            size,
        });
    }
    Ok(files)
}

/// The text of the lines, in the order given.
pub(crate) fn render(files: &[RecordFile]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for file in files {
        let hash = file
            .sha256
            .map(|digest| format!("sha256={}", BASE64.encode(digest.as_bytes())));
        let size = file.size.map(|size| size.to_string());
        let fields = [
            file.path.as_str(),
            hash.as_deref().unwrap_or(""),
            size.as_deref().unwrap_or(""),
        ];
        // All lines have three fields, and memory takes all that is written.
        writer.write_record(fields).expect("writes to memory");
    }
    // The same memory, which never fails to flush.
    let bytes = writer.into_inner().expect("flushes to memory");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn decode(text: &str) -> Option<Digest> {
    let bytes: [u8; 32] = BASE64.decode(text).ok()?.try_into().ok()?;
    Some(Digest::from_bytes(bytes))
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
        assert_eq!(
            parse(&format!("a.py,sha256={empty}=,0\r\n\r\n")),
            Ok(files[..1].to_vec())
        );
        for wrong in ["a.py,sha256=AAAA,0", "a.py,,x", "a.py", "\"a.py,,"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_path_with_a_line_break_is_one_line() {
        let files = [RecordFile {
            path: "a\nb.py".to_owned(),
            sha256: None,
            size: Some(1),
        }];
        let text = render(&files);
        assert_eq!(text, "\"a\nb.py\",,1\n");
        assert_eq!(parse(&text), Ok(files.to_vec()));
    }
}
