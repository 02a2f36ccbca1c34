//! Reads a marshal stream into a graph, and checks everything, since the stream may be hostile.

use super::graph::{CODE_CHILDREN, FLAG_REF, Graph, LINE_TABLE, Node, NodeId, code};
use super::{DEPTH_LIMIT, Error};

/// Reads exactly one object.
pub(super) fn read(stream: &[u8]) -> Result<(Graph<'_>, NodeId), Error> {
    if i32::try_from(stream.len()).is_err() {
        return Err(Error::BadLength { offset: 0 });
    }
    let mut reader = Reader {
        stream,
        position: 0,
        graph: Graph::default(),
        references: Vec::new(),
    };
    let root = reader.object()?;
    match stream.len() - reader.position {
        0 => Ok((reader.graph, root)),
        count => Err(Error::TrailingBytes { count }),
    }
}

struct Reader<'a> {
    stream: &'a [u8],
    position: usize,
    graph: Graph<'a>,
    /// By index; `None` while the object is incomplete.
    references: Vec<Option<NodeId>>,
}

/// An object that is being read.
struct OpenObject<'a> {
    node: Node<'a>,
    offset: usize,
    /// Its index among the references.
    index: Option<usize>,
    /// The number of its children; `None` for a dict, whose end is marked.
    wanted: Option<usize>,
}

impl<'a> Reader<'a> {
    /// Reads an object and everything inside it. The stack is explicit, since a hostile stream may be
    /// nested deeply.
    fn object(&mut self) -> Result<NodeId, Error> {
        let mut stack: Vec<OpenObject<'a>> = Vec::new();
        loop {
            let mut complete = self.start(&mut stack)?;
            while let Some(id) = complete {
                match stack.last_mut() {
                    None => return Ok(id),
                    Some(open) => open.node.children.push(id),
                }
                complete = self.close(&mut stack)?;
            }
        }
    }

    /// Reads a type byte and what follows it up to the first child. An object without children is then
    /// complete; others wait on the stack.
    fn start(&mut self, stack: &mut Vec<OpenObject<'a>>) -> Result<Option<NodeId>, Error> {
        let offset = self.position;
        let byte = self.take(1)?[0];
        let code = byte & !FLAG_REF;
        if code == code::NULL {
            return self.end_dict(stack, offset).map(Some);
        }
        if code == code::REF {
            return self.reference(offset).map(Some);
        }
        if stack.len() == DEPTH_LIMIT {
            return Err(Error::TooDeep { offset });
        }
        let mut node = Node::leaf(code, &[]);
        let index = (byte & FLAG_REF != 0 && node.takes_index()).then(|| {
            self.references.push(None);
            self.references.len() - 1
        });
        let start = self.position;
        let wanted = self.head(code, offset)?;
        node.head = &self.stream[start..self.position];
        // Each child takes at least one byte, so a false number cannot exceed the rest of the stream.
        let left = self.stream.len() - self.position;
        if wanted.is_some_and(|wanted| wanted > left) {
            return Err(Error::Truncated {
                offset: self.position,
            });
        }
        stack.push(OpenObject {
            node,
            offset,
            index,
            wanted,
        });
        self.close(stack)
    }

    /// Pops the object on top of the stack if it has all its children.
    fn close(&mut self, stack: &mut Vec<OpenObject<'a>>) -> Result<Option<NodeId>, Error> {
        let Some(open) = stack.last_mut() else {
            return Ok(None);
        };
        let have = open.node.children.len();
        if open.node.code == code::CODE && have == LINE_TABLE && open.node.tail.is_empty() {
            open.node.tail = self.take(4)?;
        }
        if open.wanted != Some(have) {
            return Ok(None);
        }
        self.finish(stack).map(Some)
    }

    /// Handles the null at the end of a dict.
    fn end_dict(&mut self, stack: &mut Vec<OpenObject<'a>>, offset: usize) -> Result<NodeId, Error> {
        match stack.last() {
            Some(open) if open.wanted.is_none() && open.node.children.len().is_multiple_of(2) => {
                self.finish(stack)
            }
            _ => Err(Error::MisplacedNull { offset }),
        }
    }

    fn finish(&mut self, stack: &mut Vec<OpenObject<'a>>) -> Result<NodeId, Error> {
        // Both callers have checked that the stack is not empty.
        let Some(open) = stack.pop() else {
            return Err(Error::MisplacedNull {
                offset: self.position,
            });
        };
        let id = self.graph.push(open.node);
        if self.graph.depth(id) > DEPTH_LIMIT {
            return Err(Error::TooDeep { offset: open.offset });
        }
        if let Some(index) = open.index {
            self.references[index] = Some(id);
        }
        Ok(id)
    }

    /// Reads what is between an object's type byte and its first child, and returns the number of
    /// children; `None` for a dict, whose end is marked.
    fn head(&mut self, code: u8, offset: usize) -> Result<Option<usize>, Error> {
        match code {
            code::NONE | code::TRUE | code::FALSE | code::ELLIPSIS | code::STOP_ITERATION => {}
            code::INT => self.skip(4)?,
            code::INT64 | code::BINARY_FLOAT => self.skip(8)?,
            code::BINARY_COMPLEX => self.skip(16)?,
            code::LONG => {
                let digits = self.signed()?.unsigned_abs() as usize;
                self.skip(digits.saturating_mul(2))?;
            }
            code::FLOAT | code::SHORT_ASCII | code::SHORT_ASCII_INTERNED => self.skip_short()?,
            code::COMPLEX => {
                self.skip_short()?;
                self.skip_short()?;
            }
            code::BYTES | code::INTERNED | code::UNICODE | code::ASCII | code::ASCII_INTERNED => {
                let length = self.length()?;
                self.skip(length)?;
            }
            code::SMALL_TUPLE => return Ok(Some(usize::from(self.take(1)?[0]))),
            code::TUPLE | code::LIST | code::SET | code::FROZENSET => return self.length().map(Some),
            code::DICT => return Ok(None),
            code::CODE => {
                // Numbers of arguments (three kinds), stack size, flags.
                self.skip(5 * 4)?;
                return Ok(Some(CODE_CHILDREN));
            }
            code => return Err(Error::UnknownType { code, offset }),
        }
        Ok(Some(0))
    }

    fn reference(&mut self, offset: usize) -> Result<NodeId, Error> {
        let index = self.unsigned()?;
        match self.references.get(index as usize) {
            Some(Some(id)) => Ok(*id),
            _ => Err(Error::BadReference { index, offset }),
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let offset = self.position;
        let bytes = offset
            .checked_add(length)
            .and_then(|end| self.stream.get(offset..end))
            .ok_or(Error::Truncated { offset })?;
        self.position += length;
        Ok(bytes)
    }

    fn skip(&mut self, length: usize) -> Result<(), Error> {
        self.take(length).map(|_| ())
    }

    fn skip_short(&mut self) -> Result<(), Error> {
        let length = usize::from(self.take(1)?[0]);
        self.skip(length)
    }

    fn unsigned(&mut self) -> Result<u32, Error> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn signed(&mut self) -> Result<i32, Error> {
        self.unsigned().map(u32::cast_signed)
    }

    fn length(&mut self) -> Result<usize, Error> {
        let offset = self.position;
        usize::try_from(self.signed()?).map_err(|_| Error::BadLength { offset })
    }
}
