//! Reads an image, and finds and lists its entries. Opening an image checks everything, since it may
//! come from anybody.

use std::collections::VecDeque;

use thiserror::Error;

use super::{
    DATA_ALIGNMENT, DIRECTORY, FILE, HEADER_LENGTH, LONGEST_PATH, MAGIC, NODE_LENGTH, VERSION, is_name,
};

/// The bytes are not an image.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// The header is missing or not valid.
    #[error("the bytes do not start with the header of an image")]
    Header,
    /// The image has another version.
    #[error("the image has version {found} of the format, not {VERSION}")]
    Version {
        /// The version in the header.
        found: u32,
    },
    /// The length in the header is wrong.
    #[error("the image has {actual} bytes, but its header states {stated}")]
    Length {
        /// The length in the header.
        stated: u32,
        /// The length of the bytes.
        actual: usize,
    },
    /// A value of a node points outside of the image, or contradicts another.
    #[error("node {index} of the image has an invalid {what}")]
    Node {
        /// The node's index.
        index: u32,
        /// Which value.
        what: &'static str,
    },
}

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Directory,
    /// A regular file.
    File,
}

/// A file or folder of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The path from the root, without a leading slash; empty for the root.
    pub path: String,
    /// Folder or file.
    pub kind: Kind,
    /// A file's bytes; empty for a folder.
    pub bytes: &'a [u8],
    /// The offset of a file's bytes in the image; 0 for a folder.
    pub offset: u32,
}

/// A checked image.
#[derive(Clone, Debug)]
pub struct Image<'a> {
    nodes: Vec<Node<'a>>,
}

#[derive(Clone, Debug)]
struct Node<'a> {
    name: &'a str,
    kind: Kind,
    first: u32,
    count: u32,
    parent: u32,
    bytes: &'a [u8],
}

impl<'a> Image<'a> {
    /// Checks and opens an image.
    ///
    /// # Errors
    ///
    /// When a number points outside of `image`, or the nodes are not a tree with sorted folders.
    pub fn parse(image: &'a [u8]) -> Result<Self, ReadError> {
        if image.get(..MAGIC.len()) != Some(&MAGIC[..]) {
            return Err(ReadError::Header);
        }
        let [found, count, offset, stated] = numbers(image, 8).ok_or(ReadError::Header)?;
        if found != VERSION {
            return Err(ReadError::Version { found });
        }
        if stated as usize != image.len() {
            return Err(ReadError::Length {
                stated,
                actual: image.len(),
            });
        }
        if count == 0 || offset < HEADER_LENGTH || !offset.is_multiple_of(4) {
            return Err(ReadError::Header);
        }
        let length = (count as usize)
            .checked_mul(NODE_LENGTH as usize)
            .ok_or(ReadError::Header)?;
        let table = slice(image, offset, length).ok_or(ReadError::Header)?;
        let nodes = (0..count)
            .map(|index| read_node(image, table, index))
            .collect::<Result<_, _>>()?;
        let image = Self { nodes };
        image.check_tree()?;
        Ok(image)
    }

    /// Checks that every node except for the root is a child of exactly the folder that it names, and
    /// can be reached from the root.
    fn check_tree(&self) -> Result<(), ReadError> {
        let root = &self.nodes[0];
        if !root.name.is_empty() || root.kind != Kind::Directory || root.parent != 0 {
            return Err(ReadError::Node {
                index: 0,
                what: "root",
            });
        }
        let mut seen = vec![false; self.nodes.len()];
        seen[0] = true;
        // Each folder with the length of its path.
        let mut todo = VecDeque::from([(0, 0)]);
        while let Some((index, length)) = todo.pop_front() {
            let bad = |what| ReadError::Node { index, what };
            let folder = &self.nodes[index as usize];
            let end = folder
                .first
                .checked_add(folder.count)
                .ok_or_else(|| bad("list of children"))?;
            let children = self
                .nodes
                .get(folder.first as usize..end as usize)
                .ok_or_else(|| bad("list of children"))?;
            if !children.is_sorted_by(|left, right| left.name.as_bytes() < right.name.as_bytes()) {
                return Err(bad("order of children"));
            }
            for (child, number) in children.iter().zip(folder.first..) {
                if child.parent != index || std::mem::replace(&mut seen[number as usize], true) {
                    return Err(ReadError::Node {
                        index: number,
                        what: "parent",
                    });
                }
                let length = length + child.name.len() + 1;
                if length > LONGEST_PATH {
                    return Err(ReadError::Node {
                        index: number,
                        what: "length of its path",
                    });
                }
                if child.kind == Kind::Directory {
                    todo.push_back((number, length));
                }
            }
        }
        match seen.iter().position(|seen| !seen) {
            None => Ok(()),
            Some(index) => Err(ReadError::Node {
                index: index as u32,
                what: "parent",
            }),
        }
    }

    /// Finds the entry with this path relative to the root; the path of the root is empty.
    pub fn lookup(&self, path: &str) -> Option<Entry<'a>> {
        let mut index = 0;
        for name in path.split('/').filter(|_| !path.is_empty()) {
            let node = &self.nodes[index];
            if node.kind == Kind::File {
                return None;
            }
            let first = node.first as usize;
            let children = &self.nodes[first..first + node.count as usize];
            index = first
                + children
                    .binary_search_by(|child| child.name.as_bytes().cmp(name.as_bytes()))
                    .ok()?;
        }
        Some(self.entry(index))
    }

    /// Lists all entries except for the root, in the order of the nodes.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        (1..self.nodes.len()).map(|index| self.entry(index))
    }

    fn entry(&self, index: usize) -> Entry<'a> {
        let node = &self.nodes[index];
        let offset = match node.kind {
            Kind::Directory => 0,
            Kind::File => node.first,
        };
        Entry {
            path: self.path(index),
            kind: node.kind,
            bytes: node.bytes,
            offset,
        }
    }

    fn path(&self, index: usize) -> String {
        let mut names = Vec::new();
        let mut index = index;
        // `check_tree` has made sure that this ends at the root.
        while index != 0 {
            names.push(self.nodes[index].name);
            index = self.nodes[index].parent as usize;
        }
        names.reverse();
        names.join("/")
    }
}

fn read_node<'a>(image: &'a [u8], table: &[u8], index: u32) -> Result<Node<'a>, ReadError> {
    let bad = |what| ReadError::Node { index, what };
    let record = index as usize * NODE_LENGTH as usize;
    let [name, name_length, kind, first] = numbers(table, record).ok_or_else(|| bad("record"))?;
    let [count, parent] = numbers(table, record + 16).ok_or_else(|| bad("record"))?;
    let name = slice(image, name, name_length as usize).ok_or_else(|| bad("name"))?;
    let name = str::from_utf8(name).map_err(|_| bad("name"))?;
    if index != 0 && !is_name(name) {
        return Err(bad("name"));
    }
    let (kind, bytes) = match kind {
        DIRECTORY => (Kind::Directory, &[][..]),
        FILE if first.is_multiple_of(DATA_ALIGNMENT) => {
            let bytes = slice(image, first, count as usize).ok_or_else(|| bad("file"))?;
            (Kind::File, bytes)
        }
        FILE => return Err(bad("alignment")),
        _ => return Err(bad("kind")),
    };
    Ok(Node {
        name,
        kind,
        first,
        count,
        parent,
        bytes,
    })
}

fn slice(image: &[u8], offset: u32, length: usize) -> Option<&[u8]> {
    let offset = offset as usize;
    image.get(offset..offset.checked_add(length)?)
}

/// Reads `COUNT` numbers at `offset`.
fn numbers<const COUNT: usize>(bytes: &[u8], offset: usize) -> Option<[u32; COUNT]> {
    let bytes = bytes.get(offset..)?.as_chunks::<4>().0.get(..COUNT)?;
    let mut numbers = [0; COUNT];
    for (number, bytes) in numbers.iter_mut().zip(bytes) {
        *number = u32::from_le_bytes(*bytes);
    }
    Some(numbers)
}
