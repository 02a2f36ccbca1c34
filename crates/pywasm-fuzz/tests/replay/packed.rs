//! Seeds of archives and of Python's marshal format.

use std::io::Write as _;

use flate2::{
    Compression, Crc,
    write::{DeflateEncoder, GzEncoder},
};
use pywasm_bundle::pyc;
use pywasm_deps::fuzz::read_record;
use pywasm_digest::Digest;
use pywasm_release::archive::{Format, pack};
use pywasm_release::files::Files;

const WHEEL: &str = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
const METADATA: &str = "Metadata-Version: 2.1\nName: app\nVersion: 1.0\n";
const EMPTY: &str = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0";

/// A zip archive: name, content, whether it is deflated.
fn zip(members: &[(&str, Vec<u8>, bool)]) -> Vec<u8> {
    let (mut zip, mut list) = (Vec::new(), Vec::new());
    for (name, content, is_deflated) in members {
        let mut crc = Crc::new();
        crc.update(content);
        let packed = match is_deflated {
            true => {
                let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
                packer.write_all(content).expect("memory takes it");
                packer.finish().expect("memory takes it")
            }
            false => content.clone(),
        };
        let mut common = vec![20, 0, 0, 0, if *is_deflated { 8 } else { 0 }, 0, 0, 0, 0x21, 0];
        for number in [crc.sum(), packed.len() as u32, content.len() as u32] {
            common.extend(number.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        list.extend([b"PK\x01\x02".as_slice(), &[20, 3], &common].concat());
        list.extend([0; 6]);
        list.extend((0o100_644_u32 << 16).to_le_bytes());
        list.extend((zip.len() as u32).to_le_bytes());
        list.extend(name.as_bytes());
        zip.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), &packed].concat());
    }
    let start = zip.len() as u32;
    zip.extend(&list);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend(
        [
            (members.len() as u16).to_le_bytes(),
            (members.len() as u16).to_le_bytes(),
        ]
        .concat(),
    );
    zip.extend([(list.len() as u32).to_le_bytes(), start.to_le_bytes()].concat());
    zip.extend([0, 0]);
    zip
}

fn wheel(is_deflated: bool) -> Vec<u8> {
    let mut record = format!("app/__init__.py,{EMPTY}\napp-1.0.data/purelib/more.py,{EMPTY}\n");
    for (name, text) in [("WHEEL", WHEEL), ("METADATA", METADATA)] {
        let digest = Digest::compute(text.as_bytes());
        let (digest, size) = (base64(digest.as_bytes()), text.len());
        record += &format!("app-1.0.dist-info/{name},sha256={digest},{size}\n");
    }
    record += "app-1.0.dist-info/RECORD,,\n";
    read_record(&record).expect("it is one");
    zip(&[
        ("app/__init__.py", Vec::new(), false),
        ("app-1.0.data/purelib/more.py", Vec::new(), false),
        ("app-1.0.dist-info/WHEEL", WHEEL.into(), is_deflated),
        ("app-1.0.dist-info/METADATA", METADATA.into(), is_deflated),
        ("app-1.0.dist-info/RECORD", record.into_bytes(), is_deflated),
    ])
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}

fn tar_gz() -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for (path, content) in [("manifest.json", "{}"), ("stdlib/os.py", "x = 1\n")] {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, path, content.as_bytes())
            .expect("memory takes it");
    }
    let packer = builder.into_inner().expect("memory takes it");
    packer.finish().expect("memory takes it")
}

/// `(1, 2.0, 'a', b'b', None, {frozenset}, [..], {..: ..})` and a code object, by hand.
fn marshalled() -> Vec<u8> {
    let mut bytes = b"\xa9\x07\xe9\x01\x00\x00\x00g\0\0\0\0\0\0\0@\xda\x01as\x01\x00\x00\x00bN>\x02\x00\x00\x00r\x02\x00\x00\x00F".to_vec();
    bytes.extend(b"[\x01\x00\x00\x00T");
    bytes
}

fn code() -> Vec<u8> {
    let mut bytes = b"\xe3".to_vec();
    for number in [0u32, 0, 0, 1, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(b"\xf3\x04\x00\x00\x00\x95\x00\x67\x00");
    bytes.extend(
        b"\xa9\x01N\xa9\x00r\x02\x00\x00\x00\xf3\x00\x00\x00\x00\xda\x01f\xda\x08<module>r\x05\x00\x00\x00",
    );
    bytes.extend(1u32.to_le_bytes());
    bytes.extend(b"\xf3\x08\x00\x00\x00\xf0\x03\x01\x01\x01\x80\x00\x00r\x03\x00\x00\x00");
    bytes
}

/// One answer, with one warning.
fn answers() -> Vec<u8> {
    let number = |number: u64| number.to_le_bytes().to_vec();
    let text = |text: &[u8]| [number(text.len() as u64), text.to_vec()].concat();
    let head = [b"PYWASMBC".to_vec(), number(1), text(b"\xf3\x0d\r\n")].concat();
    let warning = [number(1), number(3), text(b"SyntaxWarning"), text(b"odd")].concat();
    [head, warning, number(0), text(b"N")].concat()
}

pub(crate) fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let files: Files = [("app.wasm", "\0asm"), ("SHA256SUMS", "")]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .into();
    let entry = pywasm_cache::fuzz::pack(b"some content some content").expect("it is small");
    vec![
        ("wheel", "deflated", wheel(true)),
        ("wheel", "stored", wheel(false)),
        ("release-archive", "gzip", pack("app-1.0", &files, Format::Gzip)),
        ("release-archive", "zstd", pack("app-1.0", &files, Format::Zstd)),
        ("base-archive", "gzip", tar_gz()),
        ("cache-entry", "whole", entry),
        ("marshal", "objects", marshalled()),
        ("marshal", "code", code()),
        ("bytecode", "pyc", pyc::write([0xf3, 0x0d, b'\r', b'\n'], b"N")),
        ("bytecode", "answers", answers()),
    ]
}
