//! Writes what async worlds need besides: the makers of streams and futures, and the start of the loop.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use wit_parser::{Handle, Type, TypeDefKind, TypeId, TypeOwner};

use crate::bindings::Writer;
use crate::clock::is_wait;
use crate::names::snake;

/// The loop that runs async exports.
const LOOP: &str = include_str!("../python/_pywasm_loop.py");
const SUPPORT: &str = include_str!("../python/componentize_py_async_support/__init__.py");
const STREAMS: &str = include_str!("../python/componentize_py_async_support/streams.py");
const FUTURES: &str = include_str!("../python/componentize_py_async_support/futures.py");

/// The stubs of what programs use.
pub(crate) const STUBS: [(&str, &str); 3] = [
    (
        "componentize_py_async_support/__init__.pyi",
        include_str!("../python/componentize_py_async_support/__init__.pyi"),
    ),
    (
        "componentize_py_async_support/streams.pyi",
        include_str!("../python/componentize_py_async_support/streams.pyi"),
    ),
    (
        "componentize_py_async_support/futures.pyi",
        include_str!("../python/componentize_py_async_support/futures.pyi"),
    ),
];

/// What the loop's start looks like in the module that binds the program.
const START: &str = "
import _pywasm_loop
from componentize_py_async_support.futures import FutureReader
from componentize_py_async_support.streams import ByteStreamReader, StreamReader

_wit.bind_readers(ByteStreamReader, StreamReader, FutureReader)
";

impl Writer<'_> {
    /// The modules that async worlds have.
    pub(crate) fn async_modules(&self) -> BTreeMap<String, String> {
        let modules = [
            ("_pywasm_loop.py", LOOP),
            ("componentize_py_async_support/__init__.py", SUPPORT),
            ("componentize_py_async_support/streams.py", STREAMS),
            ("componentize_py_async_support/futures.py", FUTURES),
        ];
        let modules = modules.map(|(path, text)| (path.to_owned(), text.to_owned()));
        if self.world.is_async() {
            BTreeMap::from(modules)
        } else {
            BTreeMap::new()
        }
    }

    /// Binds the loop.
    pub(crate) fn start_loop(&self) -> String {
        if !self.world.is_async() {
            return String::new();
        }
        let imports = self.side.metadata.import_funcs.iter();
        let clock = imports
            .enumerate()
            .find(|(_, import)| is_wait(import.interface.as_deref(), &import.name));
        let wait_for = clock.map_or_else(
            || "None".to_owned(),
            |(index, _)| format!("_wit.AsyncImport({index})"),
        );
        format!("{START}_pywasm_loop.bind({wait_for})\n")
    }

    /// The functions that make both ends: `byte_stream()`, `NAME_stream()` and `NAME_future(default)`.
    pub(crate) fn makers(&self) -> Vec<Maker> {
        let metadata = &self.side.metadata;
        let streams = metadata.streams.iter().map(|stream| stream.id).enumerate();
        let futures = metadata.futures.iter().map(|future| future.id).enumerate();
        let mut makers: Vec<Maker> = Vec::new();
        let mut names = BTreeSet::new();
        for (index, id) in streams.chain(futures) {
            let maker = match self.world.resolve.types[id].kind {
                TypeDefKind::Stream(payload) => {
                    let name = self.payload(payload.as_ref());
                    let is_byte = matches!(name.as_str(), "u8" | "s8");
                    let name = if is_byte {
                        "byte_stream".to_owned()
                    } else {
                        name + "_stream"
                    };
                    let kind = if is_byte {
                        MakerKind::ByteStream
                    } else {
                        MakerKind::Stream
                    };
                    Maker {
                        index,
                        name,
                        kind,
                        payload,
                    }
                }
                TypeDefKind::Future(payload) => {
                    let name = self.payload(payload.as_ref()) + "_future";
                    Maker {
                        index,
                        name,
                        kind: MakerKind::Future,
                        payload,
                    }
                }
                _ => continue,
            };
            // One for each payload, wherever it is written; the first of its kind makes them all.
            if names.insert(maker.name.clone()) {
                makers.push(maker);
            }
        }
        makers
    }

    /// The makers' definitions, with the imports before them.
    pub(crate) fn makers_text(&self) -> String {
        let makers = self.makers();
        let has = |test: fn(MakerKind) -> bool| makers.iter().any(|maker| test(maker.kind));
        let mut text = String::new();
        if has(|kind| kind != MakerKind::Future) {
            text.push_str("from _pywasm_wit import new_stream as _new_stream\n");
            text.push_str("from componentize_py_async_support import streams as _streams\n");
        }
        if has(|kind| kind == MakerKind::Future) {
            text.push_str("from _pywasm_wit import new_future as _new_future\n");
            text.push_str("from componentize_py_async_support import futures as _futures\n");
        }
        for Maker {
            index, name, kind, ..
        } in makers
        {
            let class = match kind {
                MakerKind::ByteStream => "ByteStream",
                MakerKind::Stream => "Stream",
                MakerKind::Future => {
                    let _ = write!(
                        text,
                        "\n\ndef {name}(default):\n    \
                             writer, reader = _new_future({index}, _futures.FutureWriter, _futures.FutureReader)\n    \
                             writer._default = default\n    \
                             return writer, reader\n"
                    );
                    continue;
                }
            };
            let _ = write!(
                text,
                "\n\ndef {name}():\n    return _new_stream({index}, _streams.{class}Writer, _streams.{class}Reader)\n"
            );
        }
        text
    }

    /// How a payload is written in a maker's name: `result_unit_wasi_http_types_error_code`.
    fn payload(&self, ty: Option<&Type>) -> String {
        let id = match ty {
            None => return "unit".to_owned(),
            Some(Type::Bool) => return "bool".to_owned(),
            Some(Type::U8) => return "u8".to_owned(),
            Some(Type::U16) => return "u16".to_owned(),
            Some(Type::U32) => return "u32".to_owned(),
            Some(Type::U64) => return "u64".to_owned(),
            Some(Type::S8) => return "s8".to_owned(),
            Some(Type::S16) => return "s16".to_owned(),
            Some(Type::S32) => return "s32".to_owned(),
            Some(Type::S64) => return "s64".to_owned(),
            Some(Type::F32) => return "f32".to_owned(),
            Some(Type::F64) => return "f64".to_owned(),
            Some(Type::Char) => return "char".to_owned(),
            Some(Type::String) => return "string".to_owned(),
            Some(Type::ErrorContext) => return "error_context".to_owned(),
            Some(Type::Id(id)) => *id,
        };
        let inner = |ty: &Type| self.payload(Some(ty));
        match &self.world.resolve.types[id].kind {
            TypeDefKind::Type(ty) => inner(ty),
            TypeDefKind::Option(ty) => format!("option_{}", inner(ty)),
            TypeDefKind::List(ty) | TypeDefKind::FixedLengthList(ty, _) => format!("list_{}", inner(ty)),
            TypeDefKind::Map(key, value) => format!("map_{}_{}", inner(key), inner(value)),
            TypeDefKind::Result(both) => {
                format!(
                    "result_{}_{}",
                    self.payload(both.ok.as_ref()),
                    self.payload(both.err.as_ref())
                )
            }
            TypeDefKind::Tuple(tuple) => {
                let types: Vec<String> = tuple.types.iter().map(inner).collect();
                format!("tuple{}_{}", types.len(), types.join("_"))
            }
            TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => {
                inner(&Type::Id(*resource))
            }
            TypeDefKind::Stream(ty) => format!("stream_{}", self.payload(ty.as_ref())),
            TypeDefKind::Future(ty) => format!("future_{}", self.payload(ty.as_ref())),
            TypeDefKind::Record(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Resource
            | TypeDefKind::Unknown => self.named(id),
        }
    }

    /// A named type, with its interface before it.
    fn named(&self, id: TypeId) -> String {
        let name = snake(self.type_name(id));
        let TypeOwner::Interface(owner) = self.world.resolve.types[id].owner else {
            return name;
        };
        let mut all = self.interfaces.iter();
        match all.find(|interface| interface.id == owner) {
            Some(interface) => format!("{}_{name}", interface.module_name()),
            None => name,
        }
    }
}

/// A function that makes both ends of a stream or future.
pub(crate) struct Maker {
    /// Of the type, in the world's table of its kind.
    index: usize,
    pub(crate) name: String,
    pub(crate) kind: MakerKind,
    pub(crate) payload: Option<Type>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MakerKind {
    /// Of `stream<u8>` or `stream<s8>`: its elements are bytes.
    ByteStream,
    Stream,
    Future,
}
