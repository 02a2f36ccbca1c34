//! Writes the bindings of a world for editors and type checkers: `.pyi` files with types, and with what the WIT
//! says about each thing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use wit_parser::{Docs, Function, FunctionKind, Handle, Type, TypeDefKind, TypeId, TypeOwner, WorldItem};

use crate::async_bindings::{Maker, MakerKind, STUBS};
use crate::bindings::Writer;
use crate::interfaces::{Direction, Interface};
use crate::names::{camel, member, own_part, snake};
use crate::world::World;

const TYPES: &str = include_str!("../python/componentize_py_types.pyi");

impl World {
    /// The stubs of all modules, by their paths.
    #[must_use]
    pub fn stubs(&self) -> BTreeMap<String, String> {
        let interfaces = self.interfaces();
        let mut files = BTreeMap::from([
            ("componentize_py_types.pyi".to_owned(), TYPES.to_owned()),
            ("wit_world/imports/__init__.pyi".to_owned(), String::new()),
        ]);
        if self.is_async() {
            files.extend(STUBS.map(|(path, text)| (path.to_owned(), text.to_owned())));
        }
        for interface in &interfaces {
            let mut stub = Stub::new(self, &interfaces, Some(interface));
            stub.interface(interface);
            files.insert(interface.file() + "i", stub.finish());
        }
        let mut protocols = Stub::new(self, &interfaces, None);
        protocols.package = "wit_world.exports";
        for interface in interfaces
            .iter()
            .filter(|interface| interface.direction == Direction::Export)
        {
            let functions = self.resolve.interfaces[interface.id].functions.values();
            let functions: Vec<&Function> = functions
                .filter(|function| function.kind.resource().is_none())
                .collect();
            let docs = &self.resolve.interfaces[interface.id].docs;
            protocols.protocol(&interface.protocol(), docs, &functions);
        }
        files.insert("wit_world/exports/__init__.pyi".to_owned(), protocols.finish());
        let mut world = Stub::new(self, &interfaces, None);
        world.world();
        files.insert("wit_world/__init__.pyi".to_owned(), world.finish());
        files
    }
}

/// One file in the making.
struct Stub<'a> {
    world: &'a World,
    interfaces: &'a [Interface],
    /// The interface that it is of; none for the world's own modules.
    of: Option<&'a Interface>,
    package: &'static str,
    text: String,
    /// What has to be imported: lines without `import`'s order.
    imports: BTreeSet<String>,
    /// Names that the file gives to its own things.
    own: BTreeSet<String>,
}

impl<'a> Stub<'a> {
    fn new(world: &'a World, interfaces: &'a [Interface], of: Option<&'a Interface>) -> Self {
        let mut own = BTreeSet::new();
        if let Some(interface) = of {
            let interface = &world.resolve.interfaces[interface.id];
            own.extend(interface.functions.keys().map(|name| snake(own_part(name))));
        }
        Self {
            world,
            interfaces,
            of,
            package: "wit_world",
            text: String::new(),
            imports: BTreeSet::new(),
            own,
        }
    }

    fn finish(self) -> String {
        let imports: String = self.imports.into_iter().map(|line| line + "\n").collect();
        let text = self.text.trim_start_matches('\n');
        if imports.is_empty() {
            text.to_owned()
        } else {
            format!("{imports}\n{text}")
        }
    }

    fn import(&mut self, line: &str) {
        self.imports.insert(line.to_owned());
    }

    /// A builtin's name, where the file has something else of that name with its module before it.
    fn builtin(&mut self, name: &str) -> String {
        if self.own.contains(name) {
            self.import("import builtins");
            format!("builtins.{name}")
        } else {
            name.to_owned()
        }
    }

    fn type_text(&mut self, ty: &Type) -> String {
        let id = match ty {
            Type::Bool => return self.builtin("bool"),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::S8 | Type::S16 | Type::S32 | Type::S64 => {
                return self.builtin("int");
            }
            Type::F32 | Type::F64 => return self.builtin("float"),
            Type::Char | Type::String => return self.builtin("str"),
            Type::ErrorContext => return self.builtin("object"),
            Type::Id(id) => *id,
        };
        let kind = self.world.resolve.types[id].kind.clone();
        match kind {
            TypeDefKind::Type(inner) => self.type_text(&inner),
            TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => self.class(resource),
            TypeDefKind::List(element) if self.is_byte(&element) => self.builtin("bytes"),
            TypeDefKind::List(element) | TypeDefKind::FixedLengthList(element, _) => {
                let element = self.type_text(&element);
                format!("{}[{element}]", self.builtin("list"))
            }
            TypeDefKind::Map(key, value) => {
                let (key, value) = (self.type_text(&key), self.type_text(&value));
                format!("{}[{key}, {value}]", self.builtin("dict"))
            }
            TypeDefKind::Tuple(tuple) => {
                let types: Vec<String> = tuple.types.iter().map(|ty| self.type_text(ty)).collect();
                let types = if types.is_empty() {
                    "()".to_owned()
                } else {
                    types.join(", ")
                };
                format!("{}[{types}]", self.builtin("tuple"))
            }
            TypeDefKind::Option(payload) => {
                let inner = self.type_text(&payload);
                if self.is_option(&payload) {
                    self.import("from componentize_py_types import Some");
                    format!("Some[{inner}] | None")
                } else {
                    format!("{inner} | None")
                }
            }
            TypeDefKind::Result(result) => {
                self.import("from componentize_py_types import Err, Ok");
                let ok = self.type_or_none(result.ok.as_ref());
                let err = self.type_or_none(result.err.as_ref());
                format!("Ok[{ok}] | Err[{err}]")
            }
            TypeDefKind::Stream(payload) => match payload {
                Some(ty) if self.is_byte(&ty) => {
                    self.import("from componentize_py_async_support.streams import ByteStreamReader");
                    "ByteStreamReader".to_owned()
                }
                _ => self.end("streams", "StreamReader", payload.as_ref()),
            },
            TypeDefKind::Future(payload) => self.end("futures", "FutureReader", payload.as_ref()),
            TypeDefKind::Unknown => self.builtin("object"),
            TypeDefKind::Record(_)
            | TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_) => self.class(id),
        }
    }

    /// `StreamReader[int]`, with its import.
    fn end(&mut self, module: &str, class: &str, payload: Option<&Type>) -> String {
        self.import(&format!(
            "from componentize_py_async_support.{module} import {class}"
        ));
        let payload = self.type_or_none(payload);
        format!("{class}[{payload}]")
    }

    /// A function that makes both ends of a stream or future.
    fn maker(&mut self, maker: &Maker) {
        let (module, class) = match maker.kind {
            MakerKind::ByteStream => ("streams", "ByteStream"),
            MakerKind::Stream => ("streams", "Stream"),
            MakerKind::Future => ("futures", "Future"),
        };
        self.import(&format!(
            "from componentize_py_async_support.{module} import {class}Reader"
        ));
        self.import(&format!(
            "from componentize_py_async_support.{module} import {class}Writer"
        ));
        let payload = self.type_or_none(maker.payload.as_ref());
        let (arguments, of) = match maker.kind {
            MakerKind::ByteStream => (String::new(), String::new()),
            MakerKind::Stream => (String::new(), format!("[{payload}]")),
            MakerKind::Future => {
                self.import("from collections.abc import Callable");
                (
                    format!("default: Callable[[], {payload}]"),
                    format!("[{payload}]"),
                )
            }
        };
        let _ = write!(
            self.text,
            "\ndef {}({arguments}) -> tuple[{class}Writer{of}, {class}Reader{of}]: ...\n",
            maker.name
        );
    }

    fn is_byte(&self, ty: &Type) -> bool {
        matches!(self.world.plain(ty), Type::U8 | Type::S8)
    }

    fn is_option(&self, ty: &Type) -> bool {
        matches!(self.world.plain_kind(ty), Some(TypeDefKind::Option(_)))
    }

    /// The type, or `None` where there is none.
    fn type_or_none(&mut self, ty: Option<&Type>) -> String {
        ty.map_or_else(|| "None".to_owned(), |ty| self.type_text(ty))
    }

    /// The class of a named type, with its module where that is another one.
    fn class(&mut self, mut id: TypeId) -> String {
        while let TypeDefKind::Type(Type::Id(inner)) = self.world.resolve.types[id].kind {
            id = inner;
        }
        let ty = &self.world.resolve.types[id];
        let name = camel(ty.name.as_deref().unwrap_or_default());
        let TypeOwner::Interface(owner) = ty.owner else {
            if self.of.is_none() && self.package == "wit_world" {
                return name;
            }
            self.import("import wit_world");
            return format!("wit_world.{name}");
        };
        if self.of.is_some_and(|own| own.id == owner) {
            return name;
        }
        let is_export =
            self.of.is_some_and(|own| own.direction == Direction::Export) || self.package != "wit_world";
        let mut all = self.interfaces.iter().filter(|interface| interface.id == owner);
        let first = all.next();
        let second = all.next();
        let Some(module) = (if is_export { second.or(first) } else { first }) else {
            return self.builtin("object");
        };
        let path = module.module();
        let (package, last) = path.rsplit_once('.').unwrap_or(("", &path));
        self.imports.insert(format!("from {package} import {last}"));
        format!("{last}.{name}")
    }

    /// What a function gives: a result's error is raised.
    fn returned(&mut self, function: &Function) -> (String, Option<String>) {
        let Some(result) = &function.result else {
            return ("None".to_owned(), None);
        };
        if let Some(TypeDefKind::Result(both)) = self.world.plain_kind(result).cloned() {
            let ok = self.type_or_none(both.ok.as_ref());
            let err = self.type_or_none(both.err.as_ref());
            return (ok, Some(err));
        }
        (self.type_text(result), None)
    }

    fn parameters(&mut self, function: &Function, skip: usize, first: Option<&str>) -> String {
        let own: Vec<String> = function
            .params
            .iter()
            .skip(skip)
            .map(|parameter| format!("{}: {}", snake(&parameter.name), self.type_text(&parameter.ty)))
            .collect();
        first
            .map(str::to_owned)
            .into_iter()
            .chain(own)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// One function; `indent` is that of a class or none. Protocols have abstract ones.
    fn function(&mut self, function: &Function, is_method: bool, is_abstract: bool) {
        let indent = if is_method { "    " } else { "" };
        let (skip, first, decorator, name) = match function.kind {
            FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => {
                (0, is_method.then_some("self"), None, snake(&function.name))
            }
            FunctionKind::Constructor(_) => (0, Some("self"), None, "__init__".to_owned()),
            FunctionKind::Method(_) | FunctionKind::AsyncMethod(_) => {
                (1, Some("self"), None, snake(own_part(&function.name)))
            }
            FunctionKind::Static(_) | FunctionKind::AsyncStatic(_) => (
                0,
                Some("cls"),
                Some("classmethod"),
                snake(own_part(&function.name)),
            ),
        };
        let parameters = self.parameters(function, skip, first);
        let (returned, raised) = self.returned(function);
        let is_constructor = matches!(function.kind, FunctionKind::Constructor(_));
        let returned = if is_constructor {
            "None".to_owned()
        } else {
            returned
        };
        if let Some(decorator) = decorator {
            let _ = writeln!(self.text, "{indent}@{decorator}");
        }
        if is_abstract {
            self.import("from abc import abstractmethod");
            let _ = writeln!(self.text, "{indent}@abstractmethod");
        }
        let word = if function.kind.is_async() {
            "async def"
        } else {
            "def"
        };
        let _ = write!(self.text, "{indent}{word} {name}({parameters}) -> {returned}:");
        let raised = raised.map(|error| {
            format!(
                "Raises `Err` with {}.",
                if error == "None" { "None" } else { &error }
            )
        });
        let docs = [function.docs.contents.clone(), raised];
        let docs: Vec<String> = docs.into_iter().flatten().collect();
        if docs.is_empty() {
            self.text.push_str(" ...\n");
        } else {
            self.text.push('\n');
            docstring(&mut self.text, &format!("{indent}    "), &docs.join("\n\n"));
        }
    }

    fn types(&mut self, ids: &[TypeId], functions: &[&Function], direction: Direction) {
        for &id in ids {
            let ty = self.world.resolve.types[id].clone();
            let name = camel(ty.name.as_deref().unwrap_or_default());
            match &ty.kind {
                TypeDefKind::Record(record) => {
                    let fields: Vec<(String, Type, Docs)> = record
                        .fields
                        .iter()
                        .map(|field| (snake(&field.name), field.ty, field.docs.clone()))
                        .collect();
                    self.dataclass(&name, &ty.docs, &fields);
                }
                TypeDefKind::Variant(variant) => {
                    let mut cases = Vec::new();
                    for case in &variant.cases {
                        let case_name = format!("{name}_{}", camel(&case.name));
                        let fields: Vec<_> = case
                            .ty
                            .iter()
                            .map(|ty| ("value".to_owned(), *ty, Docs::default()))
                            .collect();
                        self.dataclass(&case_name, &case.docs, &fields);
                        cases.push(case_name);
                    }
                    let _ = write!(self.text, "\n{name} = {}\n", cases.join(" | "));
                }
                TypeDefKind::Enum(all) => {
                    self.import("from enum import Enum");
                    self.heading(&name, "Enum", &ty.docs);
                    for (index, case) in all.cases.iter().enumerate() {
                        let _ = writeln!(self.text, "    {} = {index}", member(&case.name));
                    }
                }
                TypeDefKind::Flags(flags) => {
                    self.import("from enum import Flag");
                    self.heading(&name, "Flag", &ty.docs);
                    for (index, flag) in flags.flags.iter().enumerate() {
                        let _ = writeln!(self.text, "    {} = {}", member(&flag.name), 1u64 << index);
                    }
                    if flags.flags.is_empty() {
                        self.text.push_str("    ...\n");
                    }
                }
                TypeDefKind::Resource => {
                    let of: Vec<&&Function> = functions
                        .iter()
                        .filter(|function| function.kind.resource() == Some(id))
                        .collect();
                    let is_export = direction == Direction::Export;
                    if is_export {
                        self.import("from typing import Protocol");
                    }
                    self.heading(&name, if is_export { "Protocol" } else { "" }, &ty.docs);
                    for function in &of {
                        self.function(function, true, is_export);
                    }
                    if !is_export {
                        self.import("from typing import Self");
                        self.text.push_str("    def __enter__(self) -> Self: ...\n");
                        self.text
                            .push_str("    def __exit__(self, *exception: object) -> None: ...\n");
                    } else if of.is_empty() {
                        self.text.push_str("    ...\n");
                    }
                }
                _ => {}
            }
        }
    }

    fn heading(&mut self, name: &str, base: &str, docs: &Docs) {
        let base = if base.is_empty() {
            String::new()
        } else {
            format!("({base})")
        };
        let _ = write!(self.text, "\nclass {name}{base}:\n");
        if let Some(docs) = &docs.contents {
            docstring(&mut self.text, "    ", docs);
            self.text.push('\n');
        }
    }

    fn dataclass(&mut self, name: &str, docs: &Docs, fields: &[(String, Type, Docs)]) {
        self.import("from dataclasses import dataclass");
        self.text.push_str("\n@dataclass");
        self.heading(name, "", docs);
        for (field, ty, docs) in fields {
            let ty = self.type_text(ty);
            let _ = writeln!(self.text, "    {field}: {ty}");
            if let Some(docs) = &docs.contents {
                docstring(&mut self.text, "    ", docs);
            }
        }
        if fields.is_empty() {
            self.text.push_str("    ...\n");
        }
    }

    fn interface(&mut self, interface: &Interface) {
        let wit = &self.world.resolve.interfaces[interface.id];
        let types: Vec<TypeId> = wit.types.values().copied().collect();
        let functions: Vec<&Function> = wit.functions.values().collect();
        if let Some(docs) = &wit.docs.contents {
            docstring(&mut self.text, "", docs);
        }
        self.types(&types, &functions, interface.direction);
        if interface.direction == Direction::Import {
            for function in functions
                .iter()
                .filter(|function| function.kind.resource().is_none())
            {
                self.text.push('\n');
                self.function(function, false, false);
            }
        }
    }

    fn protocol(&mut self, name: &str, docs: &Docs, functions: &[&Function]) {
        self.import("from typing import Protocol");
        self.heading(name, "Protocol", docs);
        for function in functions {
            self.function(function, true, true);
        }
        if functions.is_empty() {
            self.text.push_str("    ...\n");
        }
    }

    fn world(&mut self) {
        let world = &self.world.resolve.worlds[self.world.id];
        let (mut types, mut imports, mut exports) = (Vec::new(), Vec::new(), Vec::new());
        for item in world.imports.values() {
            match item {
                WorldItem::Type { id, .. } => types.push(*id),
                WorldItem::Function(function) => imports.push(function),
                WorldItem::Interface { .. } => {}
            }
        }
        for item in world.exports.values() {
            if let WorldItem::Function(function) = item {
                exports.push(function);
            }
        }
        self.types(&types, &[], Direction::Import);
        for function in imports {
            self.text.push('\n');
            self.function(function, false, false);
        }
        let side = self.world.side_module();
        for maker in Writer::new(self.world, &side).makers() {
            self.maker(&maker);
        }
        self.protocol("WitWorld", &world.docs, &exports);
    }
}

/// A docstring with what the WIT says.
fn docstring(text: &mut String, indent: &str, docs: &str) {
    let docs = docs
        .trim()
        .replace('\\', "\\\\")
        .replace("\"\"\"", "\\\"\\\"\\\"");
    let _ = write!(text, "{indent}\"\"\"");
    for (index, line) in docs.lines().enumerate() {
        let line = line.trim_end();
        if index == 0 {
            text.push_str(line);
        } else if line.is_empty() {
            text.push('\n');
        } else {
            let _ = write!(text, "\n{indent}{line}");
        }
    }
    if docs.contains('\n') {
        let _ = writeln!(text, "\n{indent}\"\"\"");
    } else {
        if docs.ends_with('"') {
            text.push(' ');
        }
        text.push_str("\"\"\"\n");
    }
}
