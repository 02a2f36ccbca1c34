//! Encodes requests for the compiler inside the base, which reads them from its stdin, and decodes
//! the answers from its stdout.
//!
//! The guest's half and the description of the format are in `compile.py` of the crate
//! `pywasm-engine`. Answers come from code that ran in the guest, so every length is checked.

use thiserror::Error;

use crate::pyc::Magic;

const SIGNATURE: &[u8] = b"PYWASMBC";
const VERSION: u64 = 1;
const STRIP_DOCSTRINGS: u64 = 1;

/// What to do with the docstrings of modules, classes and functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Docstrings {
    /// Docstrings are kept.
    Keep,
    /// Docstrings are removed, so `__doc__` is `None`. Asserts are kept.
    Strip,
}

/// A request to compile one file.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `co_filename`: an absolute path in the guest.
    pub file_name: &'a str,
    /// The file's bytes, in whatever encoding the file declares.
    pub source: &'a [u8],
    /// What to do with docstrings.
    pub docstrings: Docstrings,
}

/// The output of the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The magic number that `.pyc` files of this base start with.
    pub magic: Magic,
    /// One answer for each request, in the order of the requests.
    pub answers: Vec<Answer>,
}

/// The result for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The marshalled code object, not yet canonical, or why there is none.
    pub outcome: Result<Vec<u8>, Refusal>,
    /// The compiler's warnings, in its order.
    pub warnings: Vec<Warning>,
}

/// The exception with which the compiler refused a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The exception's type: `SyntaxError`, `RecursionError`, ...
    pub kind: String,
    /// Its message, without the location.
    pub message: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The column in characters, counted from 1.
    pub column: Option<u32>,
    /// The source line, without its line break.
    pub text: Option<String>,
}

/// A warning of the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The category: `SyntaxWarning`, ...
    pub category: String,
    /// Its text.
    pub message: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
}

/// The compiler's output violates the protocol.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// The output does not start with the signature.
    #[error("the output of the compiler in the base does not start with its signature")]
    Signature,
    /// The output has another version of the protocol.
    #[error("the compiler in the base uses version {found} of the protocol, not {VERSION}")]
    Version {
        /// The version in the output.
        found: u64,
    },
    /// The output ends early, because the compiler was stopped or crashed.
    #[error("the compiler in the base stopped after {complete} of {expected} files")]
    Truncated {
        /// The number of complete answers. The file at this index caused the end.
        complete: usize,
        /// The number of requests.
        expected: usize,
    },
    /// The output has a value that the protocol does not allow.
    #[error("answer {answer} of the compiler in the base has an invalid {what}")]
    Malformed {
        /// The answer's index, from 0.
        answer: usize,
        /// Which value.
        what: &'static str,
    },
    /// Bytes follow the last answer.
    #[error("{count} bytes follow the answers of the compiler in the base")]
    TrailingBytes {
        /// The number of bytes.
        count: usize,
    },
}

/// Encodes requests for the compiler's stdin.
pub fn encode_requests(requests: &[Request<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for request in requests {
        let flags = match request.docstrings {
            Docstrings::Keep => 0,
            Docstrings::Strip => STRIP_DOCSTRINGS,
        };
        push_integer(&mut out, flags);
        push_block(&mut out, request.file_name.as_bytes());
        push_block(&mut out, request.source);
    }
    out
}

fn push_integer(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn push_block(out: &mut Vec<u8>, bytes: &[u8]) {
    push_integer(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Decodes the compiler's stdout, which must contain `expected` answers.
///
/// # Errors
///
/// When the output is incomplete or violates the protocol.
pub fn decode_answers(output: &[u8], expected: usize) -> Result<Answers, Error> {
    let rest = output
        .strip_prefix(SIGNATURE)
        .ok_or(match SIGNATURE.starts_with(output) {
            true => Error::Truncated {
                complete: 0,
                expected,
            },
            false => Error::Signature,
        })?;
    let mut reader = Reader {
        rest,
        complete: 0,
        expected,
    };
    match reader.integer()? {
        VERSION => {}
        found => return Err(Error::Version { found }),
    }
    let magic = reader
        .block()?
        .try_into()
        .map_err(|_| reader.malformed("magic number"))?;
    let mut answers = Vec::new();
    while reader.complete < expected {
        answers.push(reader.answer()?);
        reader.complete += 1;
    }
    match reader.rest.len() {
        0 => Ok(Answers { magic, answers }),
        count => Err(Error::TrailingBytes { count }),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    complete: usize,
    expected: usize,
}

impl<'a> Reader<'a> {
    fn answer(&mut self) -> Result<Answer, Error> {
        let mut warnings = Vec::new();
        for _ in 0..self.integer()? {
            warnings.push(Warning {
                line: self.number("line")?,
                category: self.text("warning")?,
                message: self.text("warning")?,
            });
        }
        let outcome = match self.integer()? {
            0 => Ok(self.block()?.to_vec()),
            1 => Err(Refusal {
                kind: self.text("exception")?,
                message: self.text("message")?,
                line: self.number("line")?,
                column: self.number("column")?,
                text: Some(self.text("source line")?).filter(|text| !text.is_empty()),
            }),
            _ => return Err(self.malformed("status")),
        };
        Ok(Answer { outcome, warnings })
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Error> {
        let (bytes, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length))
            .ok_or(Error::Truncated {
                complete: self.complete,
                expected: self.expected,
            })?;
        self.rest = rest;
        Ok(bytes)
    }

    fn integer(&mut self) -> Result<u64, Error> {
        let bytes = self.take(8)?;
        Ok(bytes
            .iter()
            .rev()
            .fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn block(&mut self) -> Result<&'a [u8], Error> {
        let length = self.integer()?;
        self.take(length)
    }

    fn text(&mut self, what: &'static str) -> Result<String, Error> {
        let bytes = self.block()?;
        String::from_utf8(bytes.to_vec()).map_err(|_| self.malformed(what))
    }

    /// Reads a line or a column; 0 means none.
    fn number(&mut self, what: &'static str) -> Result<Option<u32>, Error> {
        let value = self.integer()?;
        let value = u32::try_from(value).map_err(|_| self.malformed(what))?;
        Ok(Some(value).filter(|value| *value > 0))
    }

    fn malformed(&self, what: &'static str) -> Error {
        Error::Malformed {
            answer: self.complete,
            what,
        }
    }
}
