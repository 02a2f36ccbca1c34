//! Finds the image in a module's data, and the address, place in the tree and owner of each file.

use std::ops::Range;

use pywasm_bundle::image::{Image, Kind as EntryKind, MAGIC};

use crate::{Kind, layout::Layout, tree_builder::part};

/// The size of a page. The image starts at a page.
const PAGE: u64 = 65_536;
/// The largest possible image; a larger number is not a length.
const MAX_IMAGE: u64 = 1 << 30;
/// How many places that begin like an image are looked at. Each may claim to be as large as the memory.
const MOST_TRIES: usize = 16;

/// The number of folder levels in the tree; deeper paths become one name. This bounds the stack that
/// the tree needs.
const MAX_DEPTH: usize = 40;

/// An image in a module's memory.
#[derive(Clone, Debug)]
pub(crate) struct FoundImage {
    pub(crate) addresses: Range<u64>,
    pub(crate) files: Vec<ImageFile>,
}

/// A file of the image.
#[derive(Clone, Debug)]
pub(crate) struct ImageFile {
    pub(crate) addresses: Range<u64>,
    /// Its place in the tree.
    pub(crate) path: Vec<(String, Kind)>,
    /// The dotted name of its module, or of the package that contains it.
    pub(crate) module: Option<String>,
}

/// Finds the image by its first bytes, at the start of a page.
pub(crate) fn find(layout: &Layout, bytes: &[u8]) -> Option<FoundImage> {
    let mut tries = 0;
    layout.data.iter().find_map(|segment| {
        let address = segment.address?;
        let length = segment.range.len() as u64;
        let mut page = address.checked_next_multiple_of(PAGE)?;
        while page < address.saturating_add(length) {
            let start = segment.range.start + (page - address) as usize;
            if tries < MOST_TRIES && bytes[start..segment.range.end].starts_with(&MAGIC) {
                tries += 1;
                if let Some(found) = read(layout, bytes, page) {
                    return Some(found);
                }
            }
            page = page.checked_add(PAGE)?;
        }
        None
    })
}

fn read(layout: &Layout, bytes: &[u8], address: u64) -> Option<FoundImage> {
    let header = read_memory(layout, bytes, address..address.checked_add(24)?);
    let length = u32::from_le_bytes(header[20..24].try_into().ok()?);
    let end = address.checked_add(u64::from(length))?;
    if u64::from(length) > MAX_IMAGE || end > layout.pages.saturating_mul(PAGE) {
        return None;
    }
    let block = read_memory(layout, bytes, address..end);
    let image = Image::parse(&block).ok()?;
    let packages: Vec<String> = image
        .entries()
        .filter_map(|entry| {
            let folder = entry.path.rsplit_once('/')?;
            matches!(folder.1, "__init__.pyc" | "__init__.py").then(|| folder.0.to_owned())
        })
        .collect();
    let files = image
        .entries()
        .filter(|entry| entry.kind == EntryKind::File)
        .map(|entry| {
            let start = address + u64::from(entry.offset);
            let (path, module) = place(&entry.path, &packages);
            ImageFile {
                addresses: start..start + entry.bytes.len() as u64,
                path,
                module,
            }
        })
        .collect();
    Some(FoundImage {
        addresses: address..end,
        files,
    })
}

/// Copies bytes of the initial memory.
fn read_memory(layout: &Layout, bytes: &[u8], range: Range<u64>) -> Vec<u8> {
    let mut memory = vec![0; (range.end - range.start) as usize];
    for segment in &layout.data {
        let Some(address) = segment.address else { continue };
        let end = address.saturating_add(segment.range.len() as u64);
        let (from, to) = (address.max(range.start), end.min(range.end));
        if from < to {
            let source = segment.range.start + (from - address) as usize;
            let target = (from - range.start) as usize;
            let length = (to - from) as usize;
            memory[target..target + length].copy_from_slice(&bytes[source..source + length]);
        }
    }
    memory
}

/// Finds the place of a file in the tree, and its module.
fn place(path: &str, packages: &[String]) -> (Vec<(String, Kind)>, Option<String>) {
    let parts: Vec<&str> = path.splitn(MAX_DEPTH, '/').collect();
    let (group, kind, below) = match parts.as_slice() {
        ["app", _, ..] => ("app", Kind::App, 1),
        ["lib", _, "site-packages", _, ..] => ("dependencies", Kind::Dependency, 3),
        ["lib", _, _, ..] => ("standard library", Kind::Stdlib, 2),
        _ => return (vec![part("image", Kind::Format), part(path, Kind::Data)], None),
    };
    let (root, inner) = (parts[..below].join("/"), &parts[below..]);
    let mut tree = vec![part(group, kind)];
    if let Some(names) = module_name(inner) {
        tree.extend(names.iter().map(|name| part(name, kind)));
        let dotted = names.join(".");
        let dotted = dotted.strip_suffix(".__init__").unwrap_or(&dotted).to_owned();
        return (tree, Some(dotted));
    }
    // A data file belongs to the innermost package that contains it.
    let folders = &inner[..inner.len() - 1];
    let package = (1..=folders.len())
        .rev()
        .map(|length| &folders[..length])
        .find(|folders| packages.contains(&format!("{root}/{}", folders.join("/"))));
    if kind == Kind::App {
        tree[0] = part("data files", Kind::Data);
    }
    let count = inner.len();
    tree.extend(
        (0..)
            .zip(inner)
            .map(|(index, name)| {
                let kind = if index + 1 == count { Kind::Data } else { tree[0].1 };
                part(name, kind)
            })
            .collect::<Vec<_>>(),
    );
    (tree, package.map(|folders| folders.join(".")))
}

/// Splits the name of the module in a file into its parts; `None` if the file is not code.
fn module_name(path: &[&str]) -> Option<Vec<String>> {
    let (file, mut folders) = path.split_last()?;
    let mut stem = match file.rsplit_once('.')? {
        (stem, "py" | "pyc") => stem,
        _ => return None,
    };
    if let Some((&"__pycache__", rest)) = folders.split_last() {
        folders = rest;
        stem = stem.split('.').next().unwrap_or(stem);
    }
    let names = folders.iter().copied().chain([stem]);
    Some(names.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(path: &str) -> (String, Option<String>) {
        let packages = ["lib/python3.13/site-packages/rich".to_owned()];
        let (path, module) = place(path, &packages);
        let names: Vec<String> = path.into_iter().map(|(name, _)| name).collect();
        (names.join("/"), module)
    }

    #[test]
    fn files_have_places() {
        let of = |text: &str| Some(text.to_owned());
        let cases = [
            ("app/main.pyc", "app/main", of("main")),
            ("app/a/__pycache__/b.cpython-313.pyc", "app/a/b", of("a.b")),
            ("app/a/words.txt", "data files/a/words.txt", None),
            (
                "lib/python3.13/json/__init__.pyc",
                "standard library/json/__init__",
                of("json"),
            ),
            ("lib/python3.13/ast.pyc", "standard library/ast", of("ast")),
            (
                "lib/python3.13/site-packages/six.pyc",
                "dependencies/six",
                of("six"),
            ),
            (
                "lib/python3.13/site-packages/rich/x/style.css",
                "dependencies/rich/x/style.css",
                of("rich"),
            ),
            ("etc/entry", "image/etc/entry", None),
            ("app", "image/app", None),
        ];
        for (path, tree, module) in cases {
            assert_eq!(placed(path), (tree.to_owned(), module), "{path}");
        }
        let deep = format!("app/{}x.txt", "a/".repeat(100_000));
        assert_eq!(place(&deep, &[]).0.len(), MAX_DEPTH);
    }
}
