//! What an artifact carries: the image, marshalled code, and the compiler's answers.

use pywasm_bundle::bytecode::decode_answers;
use pywasm_bundle::image::{Image, ImageBuilder, Kind};
use pywasm_bundle::marshal::{Columns, canonicalise};
use pywasm_bundle::pyc;

/// An image: each entry is found by its path, and what is built of them is the same again.
pub(crate) fn image(bytes: &[u8]) {
    let Ok(image) = Image::parse(bytes) else { return };
    let mut builder = ImageBuilder::new();
    let mut total = 0;
    for entry in image.entries() {
        let mut parts = entry.path.split('/');
        assert!(
            parts.all(|part| !matches!(part, "" | "." | "..")),
            "{}",
            entry.path
        );
        let found = image.lookup(&entry.path).expect("it is there");
        assert_eq!(found, entry);
        total += entry.bytes.len();
        // Entries may share bytes.
        if total > 1 << 20 {
            return;
        }
        let added = match entry.kind {
            Kind::Directory => builder.add_dir(&entry.path),
            Kind::File => builder.add_file(&entry.path, entry.bytes),
        };
        added.expect("what an image holds can be built");
    }
    let built = builder.build().expect("it is not too large");
    let again = Image::parse(&built).expect("what was built is an image");
    assert!(
        again
            .entries()
            .zip(image.entries())
            .all(|(one, other)| { (one.path, one.kind, one.bytes) == (other.path, other.kind, other.bytes) })
    );
}

/// A marshalled object: its canonical form is the canonical form of itself.
pub(crate) fn marshal(bytes: &[u8]) {
    for columns in [Columns::Keep, Columns::Drop] {
        if let Ok(canonical) = canonicalise(bytes, columns) {
            assert_eq!(canonicalise(&canonical, columns).as_ref(), Ok(&canonical));
        }
    }
}

/// The compiler's answers, and a `.pyc` file.
pub(crate) fn bytecode(bytes: &[u8]) {
    for expected in [0, 1, 2] {
        let _answers = decode_answers(bytes, expected);
    }
    const MAGIC: pyc::Magic = [0xf3, 0x0d, b'\r', b'\n'];
    if let Ok(code) = pyc::read(MAGIC, bytes) {
        assert_eq!(pyc::write(MAGIC, code), bytes);
    }
}
