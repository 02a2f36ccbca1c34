//! Represents marshalled objects as a graph, which has no cycles since children precede their
//! parents.

/// The high bit of a type byte: references to the object are possible.
pub(super) const FLAG_REF: u8 = 0x80;

/// The index of a node in [`Graph::nodes`].
pub(super) type NodeId = u32;

/// The type codes of marshal version 4 that this code distinguishes.
pub(super) mod code {
    pub(crate) const NULL: u8 = b'0';
    pub(crate) const NONE: u8 = b'N';
    pub(crate) const FALSE: u8 = b'F';
    pub(crate) const TRUE: u8 = b'T';
    pub(crate) const STOP_ITERATION: u8 = b'S';
    pub(crate) const ELLIPSIS: u8 = b'.';
    pub(crate) const INT: u8 = b'i';
    pub(crate) const INT64: u8 = b'I';
    pub(crate) const LONG: u8 = b'l';
    pub(crate) const FLOAT: u8 = b'f';
    pub(crate) const BINARY_FLOAT: u8 = b'g';
    pub(crate) const COMPLEX: u8 = b'x';
    pub(crate) const BINARY_COMPLEX: u8 = b'y';
    pub(crate) const BYTES: u8 = b's';
    pub(crate) const INTERNED: u8 = b't';
    pub(crate) const UNICODE: u8 = b'u';
    pub(crate) const ASCII: u8 = b'a';
    pub(crate) const ASCII_INTERNED: u8 = b'A';
    pub(crate) const SHORT_ASCII: u8 = b'z';
    pub(crate) const SHORT_ASCII_INTERNED: u8 = b'Z';
    pub(crate) const TUPLE: u8 = b'(';
    pub(crate) const SMALL_TUPLE: u8 = b')';
    pub(crate) const LIST: u8 = b'[';
    pub(crate) const DICT: u8 = b'{';
    pub(crate) const SET: u8 = b'<';
    pub(crate) const FROZENSET: u8 = b'>';
    pub(crate) const CODE: u8 = b'c';
    pub(crate) const REF: u8 = b'r';
}

/// The number of objects in a code object: code, constants, names, names and kinds of local
/// variables, file name, name, qualified name, line table, exception table.
pub(super) const CODE_CHILDREN: usize = 10;
/// The index of the line table among them, which follows `co_firstlineno`.
pub(super) const LINE_TABLE: usize = 8;

/// An object. In a stream, it is `code head` and then its children. A code object has `tail` before
/// its line table, and a dict has a null at its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node<'a> {
    /// The type code, without [`FLAG_REF`].
    pub(super) code: u8,
    /// The whole content of a leaf, the length of a container, or the leading integers of a code object.
    pub(super) head: &'a [u8],
    /// A code object's first line.
    pub(super) tail: &'a [u8],
    /// The objects inside it, in order.
    pub(super) children: Vec<NodeId>,
}

impl<'a> Node<'a> {
    /// Makes an object that contains no others.
    pub(super) fn leaf(code: u8, head: &'a [u8]) -> Self {
        Self {
            code,
            head,
            tail: &[],
            children: Vec::new(),
        }
    }

    /// Whether a second occurrence may be a reference. This is not so for constants of one byte, which
    /// never take an index.
    pub(super) fn takes_index(&self) -> bool {
        !matches!(
            self.code,
            code::NONE | code::TRUE | code::FALSE | code::ELLIPSIS | code::STOP_ITERATION
        )
    }

    /// Whether two equal objects of this kind cannot be distinguished from one.
    pub(super) fn is_value(&self) -> bool {
        match self.code {
            code::CODE | code::LIST | code::DICT | code::SET => false,
            // Version 4 never writes floats as text, so a parser for "nan" is not worth it.
            code::FLOAT | code::COMPLEX => false,
            code::BINARY_FLOAT | code::BINARY_COMPLEX => !self
                .head
                .as_chunks()
                .0
                .iter()
                .any(|part| f64::from_le_bytes(*part).is_nan()),
            _ => true,
        }
    }
}

/// Objects, each after the objects that it contains.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// The nesting depth of each node. References make it larger than the nesting in the stream.
    depths: Vec<usize>,
}

impl<'a> Graph<'a> {
    /// Adds an object whose children exist.
    pub(super) fn push(&mut self, node: Node<'a>) -> NodeId {
        // A node takes at least one byte of the stream, whose length fits into 31 bits.
        let id = self.nodes.len() as NodeId;
        let inside = node.children.iter().map(|child| self.depth(*child)).max();
        self.depths.push(1 + inside.unwrap_or(0));
        self.nodes.push(node);
        id
    }

    /// All nodes; the number of a node is its index.
    pub(super) fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// The node with this number.
    pub(super) fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// The nesting depth of a node; 1 for a leaf.
    pub(super) fn depth(&self, id: NodeId) -> usize {
        self.depths[id as usize]
    }
}
