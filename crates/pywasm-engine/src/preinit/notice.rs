//! Questions to the sealed world and the Python stack of each in, the different ones out.

use std::collections::HashSet;

use pywasm_interpreter::{Notice, NoticeKind};

use super::frames;
use crate::Error;

/// The most bytes of questions and stacks that are kept.
const MOST_TEXT: usize = 64 << 20;

/// What `pywasm_where` wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Stack {
    pub(super) text: Vec<u8>,
    /// Whether the buffer was too small for all of it.
    pub(super) cut: bool,
}

/// The notices so far.
#[derive(Debug, Default)]
pub(super) struct Notices {
    kept: Vec<Notice>,
    /// What is in `kept`, before the stacks were read.
    seen: HashSet<(NoticeKind, String, Stack)>,
    /// The open descriptors, in the order in which they were opened.
    open: Vec<(u32, Notice)>,
    /// Bytes of text that were counted.
    text: usize,
}

impl Notices {
    /// Keeps a notice, unless there is one like it.
    pub(super) fn add(&mut self, kind: NoticeKind, what: String, stack: Stack) -> Result<(), Error> {
        let key = (kind, what, stack);
        if self.seen.contains(&key) {
            return Ok(());
        }
        let notice = self.notice(kind, key.1.clone(), &key.2)?;
        self.kept.push(notice);
        self.seen.insert(key);
        Ok(())
    }

    /// A descriptor is open from now on.
    pub(super) fn open(&mut self, descriptor: u32, path: String, stack: &Stack) -> Result<(), Error> {
        self.close(descriptor);
        let notice = self.notice(NoticeKind::Descriptor, path, stack)?;
        self.open.push((descriptor, notice));
        Ok(())
    }

    /// A descriptor is open no more.
    pub(super) fn close(&mut self, descriptor: u32) {
        self.open.retain(|(open, _)| *open != descriptor);
    }

    /// All notices; those of open descriptors come last.
    pub(super) fn finish(self) -> Vec<Notice> {
        let open = self.open.into_iter().map(|(_, notice)| notice);
        self.kept.into_iter().chain(open).collect()
    }

    /// Counts text that is kept somewhere.
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), Error> {
        self.text = self.text.saturating_add(bytes);
        if self.text > MOST_TEXT {
            return Err(Error::Notices);
        }
        Ok(())
    }

    fn notice(&mut self, kind: NoticeKind, what: String, stack: &Stack) -> Result<Notice, Error> {
        self.count(what.len() + stack.text.len())?;
        let stack = frames::parse(&stack.text, stack.cut)
            .map_err(|line| Error::Agreement(format!("pywasm_where wrote {line:?}, which is no frame")))?;
        Ok(Notice { kind, what, stack })
    }
}
