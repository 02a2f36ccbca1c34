//! A graph as it was read becomes one in which nothing is left to chance: equal immutable
//! objects are one node, a set's elements have one order, and so on as the module's head says.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::graph::{Graph, LINE_TABLE, Node, NodeId, code};
use super::lines::LineTables;

/// Rebuilds the graph, and tells where `root` stands in it. `lines` are the line tables that
/// take the place of those in the graph.
///
/// # Errors
///
/// Where the elements of sets are too large to be sorted.
pub(super) fn settle<'a>(
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
    let mut settler = Settler {
        graph: Graph::default(),
        values: HashMap::with_capacity(read.nodes().len()),
        // The compiler's sets are small and hold no sets; this bounds hostile ones.
        sort_budget: stream_length.saturating_mul(16).saturating_add(1024),
    };
    let mut places: Vec<NodeId> = Vec::with_capacity(read.nodes().len());
    // Children stand before their parents, so their places are known.
    for node in read.nodes() {
        let mut settled = node.clone();
        if let Some(code) = interned_code(node.code)
            && interned.contains(&(code, node.head))
        {
            settled.code = code;
        }
        let mut children: Vec<_> = node
            .children
            .iter()
            .map(|child| places[*child as usize])
            .collect();
        if matches!(node.code, code::SET | code::FROZENSET) {
            children = settler.sort(children)?;
        }
        if node.code == code::CODE
            && let Some(table) = lines.get(&node.children[LINE_TABLE])
        {
            children[LINE_TABLE] = settler.add(Node::leaf(code::BYTES, table));
        }
        settled.children = children;
        places.push(settler.add(settled));
    }
    Ok((settler.graph, places[root as usize]))
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

struct Settler<'a> {
    graph: Graph<'a>,
    /// The nodes that stand for all their equals. Only asked, never iterated.
    values: HashMap<Node<'a>, NodeId>,
    /// How many bytes of sort keys may still be made.
    sort_budget: usize,
}

impl<'a> Settler<'a> {
    /// The node for an object: an old one where nothing could tell the two apart.
    fn add(&mut self, node: Node<'a>) -> NodeId {
        if !node.is_value() {
            return self.graph.push(node);
        }
        let Self { graph, values, .. } = self;
        *values
            .entry(node)
            .or_insert_with_key(|node| graph.push(node.clone()))
    }

    /// Elements in the order of their bytes, written without references. CPython sorts so
    /// too, but by bytes that show its reference counts.
    fn sort(&mut self, elements: Vec<NodeId>) -> Result<Vec<NodeId>, Error> {
        let mut keyed = Vec::with_capacity(elements.len());
        for id in elements {
            let mut key = Vec::new();
            self.spell(id, &mut key)?;
            keyed.push((key, id));
        }
        keyed.sort();
        Ok(keyed.into_iter().map(|(_, id)| id).collect())
    }

    fn spell(&mut self, id: NodeId, key: &mut Vec<u8>) -> Result<(), Error> {
        let node = self.graph.node(id).clone();
        let length = 1 + node.head.len() + node.tail.len();
        self.sort_budget = self.sort_budget.checked_sub(length).ok_or(Error::SetTooLarge)?;
        key.push(node.code);
        key.extend_from_slice(node.head);
        key.extend_from_slice(node.tail);
        for child in node.children.iter() {
            self.spell(*child, key)?;
        }
        Ok(())
    }
}
