//! Normalizes a graph as described in [`super`]: equal immutable objects become one node, the
//! elements of sets are sorted, and so on.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::graph::{Graph, LINE_TABLE, Node, NodeId, code};
use super::lines::LineTables;

/// Rebuilds the graph, and returns the new number of `root`. `lines` are the line tables that
/// replace those in the graph.
///
/// # Errors
///
/// When the elements of sets are too large to be sorted.
pub(super) fn normalize<'a>(
    read: &Graph<'a>,
    root: NodeId,
    lines: &'a LineTables,
    stream_length: usize,
) -> Result<(Graph<'a>, NodeId), Error> {
    let interned: HashSet<_> = read
        .nodes()
        .iter()
        .map(|node| (node.code, node.head))
        .filter(is_interned)
        .collect();
    let mut normalizer = Normalizer {
        graph: Graph::default(),
        values: HashMap::with_capacity(read.nodes().len()),
        // The compiler's sets are small and contain no sets; this bounds hostile ones.
        sort_budget: stream_length.saturating_mul(16).saturating_add(1024),
    };
    let mut places: Vec<NodeId> = Vec::with_capacity(read.nodes().len());
    // Children precede their parents, so their new numbers are known.
    for node in read.nodes() {
        let mut normalized = node.clone();
        if let Some(code) = interned_code(node.code)
            && interned.contains(&(code, node.head))
        {
            normalized.code = code;
        }
        let mut children: Vec<_> = node
            .children
            .iter()
            .map(|child| places[*child as usize])
            .collect();
        if matches!(node.code, code::SET | code::FROZENSET) {
            children = normalizer.sort(children)?;
        }
        if node.code == code::CODE
            && let Some(table) = lines.get(&node.children[LINE_TABLE])
        {
            children[LINE_TABLE] = normalizer.add(Node::leaf(code::BYTES, table));
        }
        normalized.children = children;
        places.push(normalizer.add(normalized));
    }
    Ok((normalizer.graph, places[root as usize]))
}

/// The type code of the same string when it is interned.
fn interned_code(code: u8) -> Option<u8> {
    match code {
        code::SHORT_ASCII => Some(code::SHORT_ASCII_INTERNED),
        code::ASCII => Some(code::ASCII_INTERNED),
        code::UNICODE => Some(code::INTERNED),
        _ => None,
    }
}

fn is_interned((code, _): &(u8, &[u8])) -> bool {
    matches!(
        *code,
        code::SHORT_ASCII_INTERNED | code::ASCII_INTERNED | code::INTERNED
    )
}

struct Normalizer<'a> {
    graph: Graph<'a>,
    /// The nodes that represent all equal ones. Never iterated, since its order is random.
    values: HashMap<Node<'a>, NodeId>,
    /// The number of bytes that further sort keys may take.
    sort_budget: usize,
}

impl<'a> Normalizer<'a> {
    /// Adds an object, or returns an existing node that cannot be distinguished from it.
    fn add(&mut self, node: Node<'a>) -> NodeId {
        if !node.is_value() {
            return self.graph.push(node);
        }
        let Self { graph, values, .. } = self;
        *values
            .entry(node)
            .or_insert_with_key(|node| graph.push(node.clone()))
    }

    /// Sorts elements by their bytes without references. CPython also sorts by bytes, but these depend
    /// on reference counts.
    fn sort(&mut self, elements: Vec<NodeId>) -> Result<Vec<NodeId>, Error> {
        let mut keyed = Vec::with_capacity(elements.len());
        for id in elements {
            let mut key = Vec::new();
            self.append_key(id, &mut key)?;
            keyed.push((key, id));
        }
        keyed.sort();
        Ok(keyed.into_iter().map(|(_, id)| id).collect())
    }

    fn append_key(&mut self, id: NodeId, key: &mut Vec<u8>) -> Result<(), Error> {
        let node = self.graph.node(id).clone();
        let length = 1 + node.head.len() + node.tail.len();
        self.sort_budget = self.sort_budget.checked_sub(length).ok_or(Error::SetTooLarge)?;
        key.push(node.code);
        key.extend_from_slice(node.head);
        key.extend_from_slice(node.tail);
        for child in node.children.iter() {
            self.append_key(*child, key)?;
        }
        Ok(())
    }
}
