//! Claims of bytes for places in the tree in, the tree out.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Kind, Tree, retention::Retention};

/// A tree that grows by claims.
#[derive(Default)]
pub(crate) struct Grow {
    children: BTreeMap<(String, Kind), Grow>,
    bytes: u64,
    brotli: u64,
    /// Bytes of nothing in the symbol file.
    loose: u64,
    /// The things of a symbol file that stand here.
    members: BTreeSet<u32>,
}

impl Grow {
    /// The place of this path.
    pub(crate) fn at(&mut self, path: &[(String, Kind)]) -> &mut Self {
        path.iter().fold(self, |place, part| {
            place.children.entry(part.clone()).or_default()
        })
    }

    /// Claims bytes for this place, and the thing that they are.
    pub(crate) fn claim(&mut self, bytes: u64, brotli: u64, member: Option<u32>) {
        self.bytes += bytes;
        self.brotli += brotli;
        match member {
            Some(member) => self.join(member),
            None => self.loose += bytes,
        }
    }

    /// Says that a thing without bytes of its own stands here.
    pub(crate) fn join(&mut self, member: u32) {
        self.members.insert(member);
    }

    /// The tree. Bytes that a place with parts has itself become a part of their own.
    pub(crate) fn tree(
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
            Some(retention) if !members.is_empty() => tree.with_retained(retention.of_all(&members) + loose),
            _ => tree,
        };
        (tree, members, loose)
    }
}
