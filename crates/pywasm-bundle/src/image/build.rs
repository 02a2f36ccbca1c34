//! Builds an image from files and folders.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{
    BuildError, DATA_ALIGNMENT, DIRECTORY, FILE, HEADER_LENGTH, LONGEST_PATH, MAGIC, NODE_LENGTH, VERSION,
    is_name,
};

/// Collects files and folders. The order in which they are added does not matter.
#[derive(Clone, Debug, Default)]
pub struct ImageBuilder {
    root: Folder,
}

/// The items of a folder by name, in the order of the names' bytes.
type Folder = BTreeMap<String, Item>;

#[derive(Clone, Debug)]
enum Item {
    Folder(Folder),
    File(Vec<u8>),
}

impl ImageBuilder {
    /// Starts an image that has only its root.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and its parent folders. `path` is relative to the root, with `/` between its parts.
    ///
    /// # Errors
    ///
    /// When the path is not valid, the file exists already, or a file is where a folder is needed.
    pub fn add_file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Result<(), BuildError> {
        check_path(path)?;
        let (folder, name) = match path.rsplit_once('/') {
            Some((folder, name)) => (self.folder(folder)?, name),
            None => (&mut self.root, path),
        };
        match folder.get(name) {
            None => folder.insert(name.to_owned(), Item::File(bytes.into())),
            Some(Item::File(_)) => {
                return Err(BuildError::Duplicate {
                    path: path.to_owned(),
                });
            }
            Some(Item::Folder(_)) => {
                return Err(BuildError::Conflict {
                    path: path.to_owned(),
                });
            }
        };
        Ok(())
    }

    /// Adds a folder and its parent folders, unless they exist.
    ///
    /// # Errors
    ///
    /// When the path is not valid, or a file has the path of a folder.
    pub fn add_dir(&mut self, path: &str) -> Result<(), BuildError> {
        check_path(path)?;
        self.folder(path).map(|_| ())
    }

    /// Whether the image has a file or folder with this path.
    pub fn contains(&self, path: &str) -> bool {
        let mut folder = &self.root;
        let mut parts = path.split('/').peekable();
        while let Some(name) = parts.next() {
            match folder.get(name) {
                None => return false,
                Some(_) if parts.peek().is_none() => return true,
                Some(Item::File(_)) => return false,
                Some(Item::Folder(inner)) => folder = inner,
            }
        }
        true
    }

    fn folder(&mut self, path: &str) -> Result<&mut Folder, BuildError> {
        let mut folder = &mut self.root;
        let mut end = 0;
        for name in path.split('/') {
            end += name.len() + 1;
            let item = folder
                .entry(name.to_owned())
                .or_insert_with(|| Item::Folder(Folder::new()));
            folder = match item {
                Item::Folder(folder) => folder,
                Item::File(_) => {
                    return Err(BuildError::Conflict {
                        path: path[..end - 1].to_owned(),
                    });
                }
            };
        }
        Ok(folder)
    }

    /// Builds the image. The same files give the same bytes.
    ///
    /// # Errors
    ///
    /// When the image would be larger than 4 GiB.
    pub fn build(&self) -> Result<Vec<u8>, BuildError> {
        let nodes = number_nodes(&self.root);
        let mut image = vec![0; HEADER_LENGTH as usize + nodes.len() * NODE_LENGTH as usize];
        let names = append_names(&mut image, &nodes);
        let data = append_data(&mut image, &nodes)?;
        // This length bounds every number that is written below.
        let length = u32::try_from(image.len()).map_err(|_| BuildError::TooLarge)?;
        write_header(&mut image, nodes.len() as u32, length);
        write_nodes(&mut image, &nodes, &names, &data);
        Ok(image)
    }
}

fn check_path(path: &str) -> Result<(), BuildError> {
    match path.len() < LONGEST_PATH && path.split('/').all(is_name) {
        true => Ok(()),
        false => Err(BuildError::Name {
            path: path.to_owned(),
        }),
    }
}

/// A file or folder in the table of nodes.
struct Node<'a> {
    name: &'a str,
    parent: u32,
    content: Content<'a>,
}

enum Content<'a> {
    Folder { first: u32, count: u32 },
    File(&'a [u8]),
}

/// Numbers the tree level by level, so that the children of a folder are adjacent.
fn number_nodes(root: &Folder) -> Vec<Node<'_>> {
    let mut nodes = vec![Node {
        name: "",
        parent: 0,
        content: Content::Folder { first: 0, count: 0 },
    }];
    let mut todo = VecDeque::from([(0, root)]);
    while let Some((index, folder)) = todo.pop_front() {
        // Each node takes 24 bytes, and `build` fails if the image's length does not fit into 32 bits.
        let first = nodes.len() as u32;
        nodes[index].content = Content::Folder {
            first,
            count: folder.len() as u32,
        };
        for (name, item) in folder {
            let content = match item {
                Item::File(bytes) => Content::File(bytes),
                Item::Folder(inner) => {
                    todo.push_back((nodes.len(), inner));
                    Content::Folder { first: 0, count: 0 }
                }
            };
            nodes.push(Node {
                name,
                parent: index as u32,
                content,
            });
        }
    }
    nodes
}

/// Writes each name once, and returns their positions.
fn append_names<'a>(image: &mut Vec<u8>, nodes: &[Node<'a>]) -> HashMap<&'a str, usize> {
    let mut places = HashMap::new();
    for node in nodes {
        places.entry(node.name).or_insert_with(|| {
            let place = image.len();
            image.extend_from_slice(node.name.as_bytes());
            place
        });
    }
    places
}

/// Writes the contents of the files, equal ones once, and returns their positions.
fn append_data<'a>(image: &mut Vec<u8>, nodes: &[Node<'a>]) -> Result<HashMap<&'a [u8], usize>, BuildError> {
    let mut places = HashMap::new();
    for node in nodes {
        let Content::File(bytes) = node.content else {
            continue;
        };
        if let Entry::Vacant(place) = places.entry(bytes) {
            image.resize(image.len().next_multiple_of(DATA_ALIGNMENT as usize), 0);
            place.insert(image.len());
            if image.len() + bytes.len() > u32::MAX as usize {
                return Err(BuildError::TooLarge);
            }
            image.extend_from_slice(bytes);
        }
    }
    Ok(places)
}

fn write_header(image: &mut [u8], node_count: u32, length: u32) {
    image[..8].copy_from_slice(&MAGIC);
    write_numbers(&mut image[8..], &[VERSION, node_count, HEADER_LENGTH, length]);
}

fn write_nodes(
    image: &mut [u8],
    nodes: &[Node<'_>],
    names: &HashMap<&str, usize>,
    data: &HashMap<&[u8], usize>,
) {
    let records = image[HEADER_LENGTH as usize..].chunks_exact_mut(NODE_LENGTH as usize);
    for (node, record) in nodes.iter().zip(records) {
        let (kind, first, count) = match node.content {
            Content::Folder { first, count } => (DIRECTORY, first, count),
            Content::File(bytes) => (FILE, data[bytes] as u32, bytes.len() as u32),
        };
        let name = names[node.name] as u32;
        write_numbers(
            record,
            &[name, node.name.len() as u32, kind, first, count, node.parent],
        );
    }
}

fn write_numbers(bytes: &mut [u8], numbers: &[u32]) {
    for (place, number) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(numbers) {
        *place = number.to_le_bytes();
    }
}
