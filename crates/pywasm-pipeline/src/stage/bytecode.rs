//! Compiles sources to canonical `.pyc` files, in the order of the sources.
//!
//! The base compiles, in as many interpreters at once as there are processors. Each file's
//! bytecode depends on its source only, so it is cached by itself.

use std::{borrow::Cow, fs, num::NonZero, thread};

use pywasm_base::Base;
use pywasm_bundle::{
    bytecode::{Answer, Docstrings, Refusal, Request, Warning, decode_answers, encode_requests},
    marshal::{self, Columns},
    pyc,
};
use pywasm_cache::{CacheKind, CacheValue, Key};
use pywasm_interpreter::Interpreter;

use super::layout::Layout;
use crate::{Error, cache_key, context::Context};

/// One module's source.
pub(crate) struct Source {
    /// The `.py` path in the guest.
    pub(crate) guest: String,
    /// The file's name for messages.
    pub(crate) shown: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether docstrings stay.
    pub(crate) docstrings: Docstrings,
    /// Whether the columns of instructions stay.
    pub(crate) columns: Columns,
}

/// One module's bytecode.
pub(crate) struct CompiledModule {
    /// The `.pyc` file.
    pub(crate) pyc: Vec<u8>,
    /// What CPython's compiler warned about.
    pub(crate) warnings: Vec<Warning>,
}

/// Compiles sources that all have to be right.
pub(crate) fn compile(context: &Context<'_>, sources: &[Source]) -> Result<Vec<CompiledModule>, Error> {
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for result in compile_each(context, sources)? {
        match result {
            Ok(compiled) => done.push(compiled),
            Err(text) => refused.push(text),
        }
    }
    if refused.is_empty() {
        Ok(done)
    } else {
        Err(Error::Refused { refused })
    }
}

/// Compiles sources: for each its bytecode, or what CPython refused.
pub(crate) fn compile_each(
    context: &Context<'_>,
    sources: &[Source],
) -> Result<Vec<Result<CompiledModule, String>>, Error> {
    let keys: Vec<Key> = sources
        .iter()
        .map(|source| cache_key::bytecode(context.base, context.tools.interpreter, source))
        .collect();
    let compile_open = |open: &[usize]| -> Result<_, Error> {
        let outcomes = compile_all(context.tools.interpreter, context.base, sources, open)?;
        Ok(outcomes.into_iter().map(|(_, result)| result).collect())
    };
    context
        .tools
        .cache
        .get_all_or(CacheKind::Bytecode, &keys, compile_open)
}

type Outcome = (usize, Result<CompiledModule, String>);

/// Compiles the sources at the places `open`, in the order of the places.
fn compile_all(
    interpreter: &dyn Interpreter,
    base: &Base,
    sources: &[Source],
    open: &[usize],
) -> Result<Vec<Outcome>, Error> {
    let parts = share(sources, open);
    let layout = Layout::new(base.target().series());
    // The engine compiles the optimized form in half the time.
    let wasm = base.optimized().unwrap_or_else(|| base.wasm());
    let bytes = fs::read(&wasm).map_err(|error| Error::io("read", &wasm, error))?;
    let batches = parts.iter().map(|part| requests(layout, sources, part)).collect();
    let outputs = interpreter
        .compile(&bytes, &base.stdlib(), batches)
        .map_err(Error::Compile)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    for (part, output) in parts.iter().zip(outputs) {
        outcomes.extend(read_answers(sources, part, &output)?);
    }
    outcomes.sort_by_key(|(at, _)| *at);
    Ok(outcomes)
}

fn requests(layout: Layout, sources: &[Source], part: &[usize]) -> Vec<u8> {
    let names: Vec<Cow<'_, str>> = part
        .iter()
        .map(|&at| layout.code_file(&sources[at].guest))
        .collect();
    let requests: Vec<Request<'_>> = part
        .iter()
        .zip(&names)
        .map(|(&at, name)| Request {
            file_name: name,
            source: &sources[at].bytes,
            docstrings: sources[at].docstrings,
        })
        .collect();
    encode_requests(&requests)
}

/// The smallest part that is worth an interpreter of its own, in bytes of source.
const PART: usize = 100_000;

/// Deals the sources out to workers, the largest first, so that all have about as much.
fn share(sources: &[Source], open: &[usize]) -> Vec<Vec<usize>> {
    let total: usize = open.iter().map(|&at| sources[at].bytes.len()).sum();
    let workers = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(1 + total / PART);
    let mut by_size = open.to_vec();
    by_size.sort_by_key(|&at| std::cmp::Reverse(sources[at].bytes.len()));
    let mut parts = vec![(0, Vec::new()); workers];
    for at in by_size {
        if let Some(part) = parts.iter_mut().min_by_key(|(size, _)| *size) {
            part.0 += sources[at].bytes.len();
            part.1.push(at);
        }
    }
    parts
        .into_iter()
        .map(|(_, part)| part)
        .filter(|part| !part.is_empty())
        .collect()
}

fn read_answers(sources: &[Source], part: &[usize], output: &[u8]) -> Result<Vec<Outcome>, Error> {
    let answers = decode_answers(output, part.len()).map_err(Error::Answers)?;
    part.iter()
        .zip(answers.answers)
        .map(|(&at, Answer { outcome, warnings })| {
            let code = match outcome {
                Ok(code) => code,
                Err(refusal) => return Ok((at, Err(describe(&sources[at], &refusal)))),
            };
            let code =
                marshal::canonicalise(&code, sources[at].columns).map_err(|source| Error::Bytecode {
                    file: sources[at].guest.clone(),
                    source,
                })?;
            Ok((
                at,
                Ok(CompiledModule {
                    pyc: pyc::write(answers.magic, &code),
                    warnings,
                }),
            ))
        })
        .collect()
}

/// What CPython's compiler refused, in the form of the resolver's messages.
fn describe(source: &Source, refusal: &Refusal) -> String {
    use pywasm_diagnostic::{Diagnostic, Location};
    let message = format!("{}: {}", refusal.kind, refusal.message);
    let place = match (refusal.line, &refusal.text) {
        (Some(line), Some(text)) => Location {
            file: source.shown.clone(),
            line,
            column: refusal.column.unwrap_or(0),
            text: text.trim_end().to_owned(),
            width: 1,
        },
        (Some(line), None) => Location::line(&source.shown, line),
        (None, _) => Location::file(&source.shown),
    };
    Diagnostic::new(message).with_location(place).to_string()
}

/// For each warning its category, line and message, then the `.pyc` file.
impl CacheValue for CompiledModule {
    fn encode(&self) -> Cow<'_, [u8]> {
        let warnings: Vec<_> = self
            .warnings
            .iter()
            .map(|warning| (&warning.category, &warning.message, warning.line))
            .collect();
        let mut entry = serde_json::to_vec(&warnings).unwrap_or_default();
        entry.push(b'\n');
        entry.extend_from_slice(&self.pyc);
        Cow::Owned(entry)
    }

    fn decode(mut entry: Vec<u8>) -> Option<Self> {
        let end = entry.iter().position(|&byte| byte == b'\n')?;
        let warnings: Vec<(String, String, Option<u32>)> = serde_json::from_slice(&entry[..end]).ok()?;
        entry.drain(..=end);
        let warnings = warnings.into_iter().map(|(category, message, line)| Warning {
            category,
            message,
            line,
        });
        Some(Self {
            pyc: entry,
            warnings: warnings.collect(),
        })
    }
}
