//! A marshal stream becomes a graph, checked as it is read: the stream may be hostile.

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
        depth: 0,
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
    depth: usize,
    graph: Graph<'a>,
    /// By index; `None` while the object is incomplete.
    references: Vec<Option<NodeId>>,
}

impl<'a> Reader<'a> {
    fn object(&mut self) -> Result<NodeId, Error> {
        let offset = self.position;
        self.object_or_null()?.ok_or(Error::MisplacedNull { offset })
    }

    /// An object, or `None` for the null at the end of a dict.
    fn object_or_null(&mut self) -> Result<Option<NodeId>, Error> {
        let offset = self.position;
        let byte = self.take(1)?[0];
        let code = byte & !FLAG_REF;
        match code {
            code::NULL => return Ok(None),
            code::REF => return self.reference(offset).map(Some),
            _ => {}
        }
        if self.depth == DEPTH_LIMIT {
            return Err(Error::TooDeep { offset });
        }
        self.depth += 1;
        let mut node = Node::leaf(code, &[]);
        let index = (byte & FLAG_REF != 0 && node.takes_index()).then(|| {
            self.references.push(None);
            self.references.len() - 1
        });
        self.content(&mut node, offset)?;
        let id = self.graph.push(node);
        if self.graph.depth(id) > DEPTH_LIMIT {
            return Err(Error::TooDeep { offset });
        }
        if let Some(index) = index {
            self.references[index] = Some(id);
        }
        self.depth -= 1;
        Ok(Some(id))
    }

    /// Everything after the type byte.
    fn content(&mut self, node: &mut Node<'a>, offset: usize) -> Result<(), Error> {
        let start = self.position;
        match node.code {
            code::NONE | code::TRUE | code::FALSE | code::ELLIPSIS | code::STOP_ITERATION => {}
            code::INT => self.skip(4)?,
            code::INT64 | code::BINARY_FLOAT => self.skip(8)?,
            code::BINARY_COMPLEX => self.skip(16)?,
            code::LONG => {
                let digits = self.signed()?.unsigned_abs() as usize;
                self.skip(digits.saturating_mul(2))?;
            }
            code::FLOAT => self.skip_short()?,
            code::COMPLEX => {
                self.skip_short()?;
                self.skip_short()?;
            }
            code::SHORT_ASCII | code::SHORT_ASCII_INTERNED => self.skip_short()?,
            code::BYTES | code::INTERNED | code::UNICODE | code::ASCII | code::ASCII_INTERNED => {
                let length = self.length()?;
                self.skip(length)?;
            }
            code::SMALL_TUPLE => {
                let length = usize::from(self.take(1)?[0]);
                node.head = &self.stream[start..self.position];
                node.children = self.objects(length)?;
                return Ok(());
            }
            code::TUPLE | code::LIST | code::SET | code::FROZENSET => {
                let length = self.length()?;
                node.head = &self.stream[start..self.position];
                node.children = self.objects(length)?;
                return Ok(());
            }
            code::DICT => {
                node.children = self.pairs()?;
                return Ok(());
            }
            code::CODE => {
                node.head = self.take(5 * 4)?;
                let mut children = self.objects(LINE_TABLE)?;
                node.tail = self.take(4)?;
                children.extend(self.objects(CODE_CHILDREN - LINE_TABLE)?);
                node.children = children;
                return Ok(());
            }
            code => return Err(Error::UnknownType { code, offset }),
        }
        node.head = &self.stream[start..self.position];
        Ok(())
    }

    fn objects(&mut self, count: usize) -> Result<Vec<NodeId>, Error> {
        // Each takes a byte at least, so a false count reserves no more than the stream.
        let offset = self.position;
        if count > self.stream.len() - offset {
            return Err(Error::Truncated { offset });
        }
        let mut objects = Vec::with_capacity(count);
        for _ in 0..count {
            objects.push(self.object()?);
        }
        Ok(objects)
    }

    fn pairs(&mut self) -> Result<Vec<NodeId>, Error> {
        let mut objects = Vec::new();
        while let Some(key) = self.object_or_null()? {
            objects.push(key);
            objects.push(self.object()?);
        }
        Ok(objects)
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
