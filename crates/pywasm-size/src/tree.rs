//! Defines the tree of a module's parts, whose sums agree. Text, JSON and the HTML page show it.

use serde::{Deserialize, Serialize};

/// What a node of the tree represents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The whole file.
    Root,
    /// A section of the wasm file.
    Section,
    /// The interpreter as a whole.
    Interpreter,
    /// A part of the interpreter's sources, such as `Objects` or `Parser`.
    Area,
    /// A C library that the interpreter is linked with.
    Library,
    /// A source file.
    File,
    /// A builtin module.
    Builtin,
    /// The standard library, or a module of it.
    Stdlib,
    /// A dependency, or a module of it.
    Dependency,
    /// The application, or a module of it.
    App,
    /// Data: files of the image, data segments, data symbols.
    Data,
    /// The memory that the snapshot adds.
    Snapshot,
    /// Python objects of one type, in the memory of the snapshot.
    Objects,
    /// One function.
    Function,
    /// Bytes of the format itself: headers, tables, indices.
    Format,
    /// Something else; also a kind of a newer pywasm that this one does not know.
    #[serde(other)]
    Other,
}

/// A node of the tree, with the bytes of the file that belong to it and to its parts.
///
/// A node with children has the sum of their bytes, so bytes of the node itself are another child.
/// Children are sorted from the largest to the smallest, then by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Its name, which may not be unique and may contain anything that a wasm name can.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Its bytes in the file.
    pub bytes: u64,
    /// An estimate of its bytes in the file compressed with Brotli; `None` if it was not requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brotli: Option<u64>,
    /// The bytes that would disappear with it: its own and what nothing else keeps; `None` if that is
    /// not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retained: Option<u64>,
    /// Its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Tree>,
}

/// The sums of a tree do not agree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` has {given} {what}, but its parts have {sum} in total")]
pub struct UnequalSums {
    /// The names from the root to the node, with `/` between them.
    pub path: String,
    /// `bytes` or `bytes of Brotli`.
    pub what: &'static str,
    /// The value of the node.
    pub given: u64,
    /// The sum of its children, at most `u64::MAX`.
    pub sum: u64,
}

impl Tree {
    /// Makes a node without parts.
    pub fn leaf(name: impl Into<String>, kind: Kind, bytes: u64) -> Self {
        Self {
            name: name.into(),
            kind,
            bytes,
            brotli: None,
            retained: None,
            children: Vec::new(),
        }
    }

    /// Makes a node from its parts: sums them up and sorts them. Parts without bytes are dropped. The
    /// Brotli estimate is known if that of each part is.
    pub fn group(name: impl Into<String>, kind: Kind, children: Vec<Tree>) -> Self {
        let mut children = children;
        children.retain(|child| child.bytes > 0);
        children.sort_by(|a, b| {
            (b.bytes.cmp(&a.bytes))
                .then_with(|| a.name.cmp(&b.name))
                .then_with(|| a.kind.cmp(&b.kind))
        });
        Self {
            name: name.into(),
            kind,
            bytes: sum(children.iter().map(|child| child.bytes)),
            brotli: brotli_sum(&children),
            retained: None,
            children,
        }
    }

    /// Sets the bytes that would disappear with the node.
    #[must_use]
    pub fn with_retained(self, retained: u64) -> Self {
        Self {
            retained: Some(retained),
            ..self
        }
    }

    /// Sets the estimate of the node's Brotli bytes.
    #[must_use]
    pub fn with_brotli(self, brotli: u64) -> Self {
        Self {
            brotli: Some(brotli),
            ..self
        }
    }

    /// Counts the nodes, including this one.
    #[must_use]
    pub fn count_nodes(&self) -> usize {
        1 + self.children.iter().map(Tree::count_nodes).sum::<usize>()
    }

    /// Checks that each node with children has the sum of their bytes.
    ///
    /// # Errors
    /// With the first node that differs, starting with the outermost.
    pub fn check(&self) -> Result<(), UnequalSums> {
        self.check_below("")
    }

    fn check_below(&self, above: &str) -> Result<(), UnequalSums> {
        if self.children.is_empty() {
            return Ok(());
        }
        let path = if above.is_empty() {
            self.name.clone()
        } else {
            format!("{above}/{}", self.name)
        };
        let agree = |what, given, sum| {
            if given == sum {
                Ok(())
            } else {
                let path = path.clone();
                Err(UnequalSums {
                    path,
                    what,
                    given,
                    sum,
                })
            }
        };
        let bytes = sum(self.children.iter().map(|child| child.bytes));
        agree("bytes", self.bytes, bytes)?;
        if let (Some(given), Some(sum)) = (self.brotli, brotli_sum(&self.children)) {
            agree("bytes of Brotli", given, sum)?;
        }
        (self.children.iter()).try_for_each(|child| child.check_below(&path))
    }
}

fn brotli_sum(children: &[Tree]) -> Option<u64> {
    if children.is_empty() {
        return None;
    }
    let parts: Option<Vec<u64>> = children.iter().map(|child| child.brotli).collect();
    Some(sum(parts?.into_iter()))
}

fn sum(parts: impl Iterator<Item = u64>) -> u64 {
    parts.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Tree};

    #[test]
    fn a_group_is_the_sum_of_its_parts_in_order() {
        let tree = Tree::group(
            "x.wasm",
            Kind::Root,
            vec![
                Tree::leaf("b", Kind::Function, 3).with_brotli(2),
                Tree::leaf("none", Kind::Data, 0),
                Tree::leaf("a", Kind::Function, 3).with_brotli(1),
                Tree::leaf("c", Kind::Function, 4).with_brotli(1),
            ],
        );
        let names: Vec<&str> = tree.children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(names, ["c", "a", "b"]);
        assert_eq!((tree.bytes, tree.brotli, tree.count_nodes()), (10, Some(4), 4));
        assert_eq!(tree.check(), Ok(()));
    }

    #[test]
    fn sums_that_disagree_are_reported_with_the_node() {
        let mut tree = Tree::group(
            "x.wasm",
            Kind::Root,
            vec![Tree::group(
                "code",
                Kind::Section,
                vec![Tree::leaf("f", Kind::Function, u64::MAX)],
            )],
        );
        tree.children[0].bytes = 7;
        tree.bytes = 7;
        let unequal = tree.check().expect_err("7 is not all that there is");
        assert_eq!((unequal.path.as_str(), unequal.sum), ("x.wasm/code", u64::MAX));
    }

    #[test]
    fn a_kind_of_a_newer_version_is_read_as_another() {
        let tree: Tree =
            serde_json::from_str(r#"{"name":"x","kind":"galaxy","bytes":1}"#).expect("it is a tree");
        assert_eq!(tree.kind, Kind::Other);
    }
}
