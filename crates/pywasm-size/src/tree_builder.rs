//! Builds a tree from claims of bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Kind, Tree, retention::Retention};

/// One step of a path in the tree.
pub(crate) fn part(name: &str, kind: Kind) -> (String, Kind) {
    (name.to_owned(), kind)
}

/// A node of a tree that is being built.
#[derive(Default)]
pub(crate) struct TreeBuilder {
    children: BTreeMap<(String, Kind), TreeBuilder>,
    bytes: u64,
    brotli: u64,
    /// Bytes that do not belong to an item of the symbol file.
    loose: u64,
    /// The items of the symbol file in this node.
    members: BTreeSet<u32>,
}

impl TreeBuilder {
    /// Returns the node at a path, and creates it if necessary.
    pub(crate) fn child(&mut self, path: &[(String, Kind)]) -> &mut Self {
        path.iter()
            .fold(self, |node, part| node.children.entry(part.clone()).or_default())
    }

    /// Adds bytes to this node, and the item that they belong to.
    pub(crate) fn claim(&mut self, bytes: u64, brotli: u64, member: Option<u32>) {
        self.bytes += bytes;
        self.brotli += brotli;
        match member {
            Some(member) => self.join(member),
            None => self.loose += bytes,
        }
    }

    /// Adds bytes to this node that belong to an item of the node around it.
    pub(crate) fn claim_share(&mut self, bytes: u64, brotli: u64) {
        self.bytes += bytes;
        self.brotli += brotli;
    }

    /// Adds an item without bytes of its own to this node.
    pub(crate) fn join(&mut self, member: u32) {
        self.members.insert(member);
    }

    /// Builds the tree. If a node with parts has bytes of its own, these become another part.
    pub(crate) fn build(
        self,
        name: &str,
        kind: Kind,
        has_brotli: bool,
        retention: Option<&Retention>,
    ) -> Tree {
        self.finish(name, kind, has_brotli, retention).0
    }

    fn finish(
        self,
        name: &str,
        kind: Kind,
        has_brotli: bool,
        retention: Option<&Retention>,
    ) -> (Tree, BTreeSet<u32>, u64) {
        let mut loose = self.loose;
        let own = |name: &str, kind: Kind| {
            let leaf = Tree::leaf(name, kind, self.bytes);
            match has_brotli {
                true => leaf.with_brotli(self.brotli),
                false => leaf,
            }
        };
        let mut members = self.members;
        let tree = if self.children.is_empty() {
            own(name, kind)
        } else {
            let mut parts: Vec<Tree> = vec![own("(itself)", kind)];
            for ((name, kind), child) in self.children {
                let (tree, below, loose_below) = child.finish(&name, kind, has_brotli, retention);
                parts.push(tree);
                members.extend(below);
                loose += loose_below;
            }
            Tree::group(name, kind, parts)
        };
        let tree = match retention {
            Some(retention) if !members.is_empty() => {
                tree.with_retained(retention.bytes_of_all(&members) + loose)
            }
            _ => tree,
        };
        (tree, members, loose)
    }
}
