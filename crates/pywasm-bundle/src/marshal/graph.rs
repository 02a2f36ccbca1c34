//! Marshalled objects as a graph. It has no cycles, since a node's children exist before it.

/// The high bit of a type byte: the object can be referred to.
pub(super) const FLAG_REF: u8 = 0x80;

/// Where a node stands in [`Graph::nodes`].
pub(super) type NodeId = u32;

/// The type codes of marshal version 4 that the code here tells apart.
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

/// How many objects a code object holds: code, constants, names, names and kinds of local
/// variables, file name, name, qualified name, line table, exception table.
pub(super) const CODE_CHILDREN: usize = 10;
/// Which of them is the line table, and stands behind `co_firstlineno`.
pub(super) const LINE_TABLE: usize = 8;

/// One object. Its bytes in a stream are `code head`, then the children, in which a code
/// object has `tail` before its line table and a dict has a null at its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node<'a> {
    /// The type code, without [`FLAG_REF`].
    pub(super) code: u8,
    /// A leaf's whole content, a container's length, a code object's leading integers.
    pub(super) head: &'a [u8],
    /// A code object's first line.
    pub(super) tail: &'a [u8],
    /// The objects inside, in order.
    pub(super) children: Vec<NodeId>,
}

impl<'a> Node<'a> {
    /// An object with no objects inside.
    pub(super) fn leaf(code: u8, head: &'a [u8]) -> Self {
        Self {
            code,
            head,
            tail: &[],
            children: Vec::new(),
        }
    }

    /// Whether a second occurrence may be written as a reference: not for the constants
    /// that are one byte long and never take an index.
    pub(super) fn takes_index(&self) -> bool {
        !matches!(
            self.code,
            code::NONE | code::TRUE | code::FALSE | code::ELLIPSIS | code::STOP_ITERATION
        )
    }

    /// Whether nothing can tell two equal objects of this kind from one.
    pub(super) fn is_value(&self) -> bool {
        match self.code {
            code::CODE | code::LIST | code::DICT | code::SET => false,
            // As text, which version 4 never writes: not worth a parser for "nan".
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

/// Objects, each after the objects inside it.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// How deep each node nests. References make this more than the stream's own nesting.
    depths: Vec<usize>,
}

impl<'a> Graph<'a> {
    /// Adds an object whose children are there.
    pub(super) fn push(&mut self, node: Node<'a>) -> NodeId {
        // A node costs at least one byte of a stream whose length fits 31 bits.
        let id = self.nodes.len() as NodeId;
        let inside = node.children.iter().map(|child| self.depth(*child)).max();
        self.depths.push(1 + inside.unwrap_or(0));
        self.nodes.push(node);
        id
    }

    /// All nodes; a node's number is its place.
    pub(super) fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// The node with this number.
    pub(super) fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// How many objects stand inside one another in this one; 1 for a leaf.
    pub(super) fn depth(&self, id: NodeId) -> usize {
        self.depths[id as usize]
    }
}
