//! Writes a graph as the canonical stream.

use super::graph::{FLAG_REF, Graph, LINE_TABLE, Node, NodeId, code};

/// The length of a reference: its type and a 32-bit index.
const REFERENCE_LENGTH: usize = 5;

/// Writes the object `root`. `size_hint` is the approximate length of the stream.
pub(super) fn write(graph: &Graph<'_>, root: NodeId, size_hint: usize) -> Vec<u8> {
    let mut uses = vec![0u8; graph.nodes().len()];
    count_uses(graph, root, &mut uses);
    let mut writer = Writer {
        graph,
        uses,
        indexes: vec![None; graph.nodes().len()],
        next_index: 0,
        out: Vec::with_capacity(size_hint),
    };
    writer.object(root);
    writer.out
}

/// Whether to write an object again when it occurs again, because it is not longer than a reference
/// and its identity does not matter.
fn is_repeated(node: &Node<'_>) -> bool {
    !node.takes_index() || (node.children.is_empty() && node.is_value() && node.head.len() < REFERENCE_LENGTH)
}

/// Counts how often each object occurs: 0, 1, or 2 for more than once.
fn count_uses(graph: &Graph<'_>, id: NodeId, uses: &mut [u8]) {
    let node = graph.node(id);
    let count = &mut uses[id as usize];
    *count = count.saturating_add(1).min(2);
    if *count == 1 {
        for child in node.children.iter() {
            count_uses(graph, *child, uses);
        }
    }
}

struct Writer<'a> {
    graph: &'a Graph<'a>,
    uses: Vec<u8>,
    /// The index of each object that was written as shareable.
    indexes: Vec<Option<u32>>,
    next_index: u32,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn object(&mut self, id: NodeId) {
        let node = self.graph.node(id);
        if let Some(index) = self.indexes[id as usize] {
            self.out.push(code::REF);
            self.out.extend_from_slice(&index.to_le_bytes());
            return;
        }
        let shared = self.uses[id as usize] > 1 && !is_repeated(node);
        if shared {
            self.indexes[id as usize] = Some(self.next_index);
            self.next_index += 1;
        }
        self.out
            .push(if shared { node.code | FLAG_REF } else { node.code });
        self.out.extend_from_slice(node.head);
        for (position, child) in node.children.iter().enumerate() {
            if node.code == code::CODE && position == LINE_TABLE {
                self.out.extend_from_slice(node.tail);
            }
            self.object(*child);
        }
        if node.code == code::DICT {
            self.out.push(code::NULL);
        }
    }
}
