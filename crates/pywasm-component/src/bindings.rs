//! Writes the Python modules with which a program speaks to its world.
//!
//! | module | what |
//! | --- | --- |
//! | `wit_world` | functions that the world itself imports, and the class `WitWorld` for those that it exports |
//! | `wit_world.imports.NAME` | types and functions of an imported interface |
//! | `wit_world.exports` | a class for each exported interface, to derive from |
//! | `wit_world.exports.NAME` | types of an exported interface |
//! | `componentize_py_types` | `Ok`, `Err`, `Some`, `Result` |
//! | `_pywasm_component` | binds all of it to the glue; the program starts there |
//!
//! Names and shapes are those of componentize-py, so that programs for it run unchanged. The modules
//! are lean: what only an editor needs is not in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use wit_parser::{Function, FunctionKind, TypeDefKind, TypeId, TypeOwner, WorldItem};

use crate::entry::BIND;
use crate::interfaces::{Direction, Interface};
use crate::names::{camel, member, own_part, snake};
use crate::side_module::WorldModule;
use crate::world::World;

/// `Ok`, `Err` and their like.
const TYPES: &str = include_str!("../python/componentize_py_types.py");
/// The base of records and of cases of variants.
const RECORDS: &str = include_str!("../python/_pywasm_records.py");

/// The module with which a component starts, and its function.
const START: &str = "_pywasm_component";

/// What of the program the bindings have to know.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The module that has the classes.
    pub module: &'a str,
    /// Top-level modules of the program, where classes of exported resources are looked for as well.
    pub modules: &'a BTreeSet<String>,
    /// Whether the program has the module `dataclasses`: then records are dataclasses.
    pub has_dataclasses: bool,
    /// Whether exceptions become errors of results that have a string for them.
    pub exceptions_are_errors: bool,
}

/// Python modules, as files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// Path, with `/`, and text.
    pub files: BTreeMap<String, String>,
}

impl Bindings {
    /// The packages among the modules. They hold all that the world has, and a program needs some of it.
    pub const PACKAGES: [&str; 2] = ["wit_world", "componentize_py_async_support"];

    /// The module with which the component starts, and the function in it.
    #[must_use]
    pub fn entry(&self) -> (&'static str, &'static str) {
        (START, "serve")
    }
}

impl World {
    /// Makes the modules for this world and its side module.
    #[must_use]
    pub fn bindings(&self, side: &WorldModule, program: Program<'_>) -> Bindings {
        let writer = Writer {
            has_dataclasses: program.has_dataclasses,
            ..Writer::new(self, side)
        };
        let mut files = BTreeMap::from([
            ("componentize_py_types.py".to_owned(), TYPES.to_owned()),
            ("_pywasm_records.py".to_owned(), RECORDS.to_owned()),
            ("_pywasm_bind.py".to_owned(), BIND.to_owned()),
            ("wit_world/__init__.py".to_owned(), writer.world_module()),
            ("wit_world/imports/__init__.py".to_owned(), String::new()),
            ("wit_world/exports/__init__.py".to_owned(), writer.protocols()),
            (format!("{START}.py"), writer.start(program)),
        ]);
        for interface in &writer.interfaces {
            files.insert(interface.file(), writer.interface(interface));
        }
        files.extend(writer.async_modules());
        Bindings { files }
    }
}

pub(crate) struct Writer<'a> {
    pub(crate) world: &'a World,
    pub(crate) side: &'a WorldModule,
    pub(crate) interfaces: Vec<Interface>,
    has_dataclasses: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(world: &'a World, side: &'a WorldModule) -> Self {
        Self {
            world,
            side,
            interfaces: world.interfaces(),
            has_dataclasses: false,
        }
    }
}

impl Writer<'_> {
    fn functions<'a>(&'a self, interface: &'a Interface) -> impl Iterator<Item = &'a Function> {
        self.world.resolve.interfaces[interface.id].functions.values()
    }

    fn types(&self, interface: &Interface) -> Vec<TypeId> {
        self.world.resolve.interfaces[interface.id]
            .types
            .values()
            .copied()
            .collect()
    }

    pub(crate) fn type_name(&self, id: TypeId) -> &str {
        self.world.resolve.types[id].name.as_deref().unwrap_or_default()
    }

    fn import_index(&self, interface: Option<&str>, function: &str) -> usize {
        let all = self.side.metadata.import_funcs.iter();
        let mut found = all
            .enumerate()
            .filter(|(_, import)| import.interface.as_deref() == interface && import.name == function);
        // Both lists come from the same world.
        found
            .next()
            .map(|(index, _)| index)
            .expect("an import of the world")
    }

    /// Where a named type's class is: the module, and whether that is one of an imported interface.
    pub(crate) fn owner(&self, id: TypeId, is_exported: bool) -> String {
        match self.world.resolve.types[id].owner {
            TypeOwner::Interface(owner) => {
                let of = |direction| {
                    let mut all = self.interfaces.iter();
                    all.find(|interface| interface.id == owner && interface.direction == direction)
                };
                let found = if is_exported {
                    of(Direction::Export)
                } else {
                    of(Direction::Import).or_else(|| of(Direction::Export))
                };
                found.map_or_else(|| "wit_world".to_owned(), Interface::module)
            }
            _ => "wit_world".to_owned(),
        }
    }

    /// A function of the world: `def get(self, key):`, and the call of the import.
    fn imported(&self, text: &mut String, interface: Option<&str>, function: &Function) {
        let index = self.import_index(interface, &function.name);
        let parameters: Vec<String> = function
            .params
            .iter()
            .map(|parameter| snake(&parameter.name))
            .collect();
        let is_async = function.kind.is_async();
        let def = if is_async { "async def" } else { "def" };
        let call = |arguments: &str| {
            let call = format!("_import_{index}({arguments})");
            if is_async {
                format!("await _wait({call})")
            } else {
                call
            }
        };
        match function.kind {
            FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => {
                let list = parameters.join(", ");
                let name = snake(&function.name);
                let _ = write!(text, "\n\n{def} {name}({list}):\n    return {}\n", call(&list));
            }
            FunctionKind::Constructor(_) => {
                let list = parameters.join(", ");
                let _ = write!(
                    text,
                    "\n    def __init__({}):\n        _self._become({})\n",
                    joined("_self", &parameters),
                    call(&list)
                );
            }
            FunctionKind::Method(_) | FunctionKind::AsyncMethod(_) => {
                let name = snake(own_part(&function.name));
                let rest = parameters.get(1..).unwrap_or_default();
                let list = joined("_self", rest);
                let _ = write!(
                    text,
                    "\n    {def} {name}({list}):\n        return {}\n",
                    call(&list)
                );
            }
            FunctionKind::Static(_) | FunctionKind::AsyncStatic(_) => {
                let name = snake(own_part(&function.name));
                let (all, list) = (joined("_cls", &parameters), parameters.join(", "));
                let _ = write!(
                    text,
                    "\n    @classmethod\n    {def} {name}({all}):\n        return {}\n",
                    call(&list)
                );
            }
        }
    }

    /// `_import_3 = Import(3)` for functions of an interface, or of the world itself.
    fn import_table(&self, text: &mut String, interface: Option<&str>, functions: &[&Function]) {
        let (asynchronous, plain): (Vec<&Function>, Vec<&Function>) =
            functions.iter().partition(|function| function.kind.is_async());
        if !plain.is_empty() {
            text.push_str("from _pywasm_wit import Import as _Import\n");
        }
        if !asynchronous.is_empty() {
            text.push_str("from _pywasm_wit import AsyncImport as _AsyncImport\n");
            text.push_str("from _pywasm_loop import wait as _wait\n");
        }
        text.push('\n');
        for function in functions {
            let index = self.import_index(interface, &function.name);
            let class = if function.kind.is_async() {
                "_AsyncImport"
            } else {
                "_Import"
            };
            let _ = writeln!(text, "_import_{index} = {class}({index})");
        }
    }

    /// The classes of types, in the order in which WIT has them; resources come with `methods`.
    fn classes(&self, text: &mut String, types: &[TypeId], resource: &dyn Fn(&mut String, TypeId)) {
        for &id in types {
            let name = camel(self.type_name(id));
            match &self.world.resolve.types[id].kind {
                TypeDefKind::Record(record) => {
                    let fields: Vec<String> = record.fields.iter().map(|field| snake(&field.name)).collect();
                    self.class(text, &name, &fields);
                }
                TypeDefKind::Variant(variant) => {
                    let mut cases = Vec::new();
                    for case in &variant.cases {
                        let case_name = format!("{name}_{}", camel(&case.name));
                        let fields: &[String] = if case.ty.is_some() {
                            &["value".to_owned()]
                        } else {
                            &[]
                        };
                        self.class(text, &case_name, fields);
                        cases.push(case_name);
                    }
                    let _ = write!(text, "\n\n{name} = {}\n", cases.join(" | "));
                }
                TypeDefKind::Enum(all) => {
                    let _ = write!(text, "\n\nclass {name}(_Enum):\n");
                    for (index, case) in all.cases.iter().enumerate() {
                        let _ = writeln!(text, "    {} = {index}", member(&case.name));
                    }
                }
                TypeDefKind::Flags(flags) => {
                    let _ = write!(text, "\n\nclass {name}(_Flag):\n");
                    if flags.flags.is_empty() {
                        text.push_str("    pass\n");
                    }
                    for (index, flag) in flags.flags.iter().enumerate() {
                        let _ = writeln!(text, "    {} = {}", member(&flag.name), 1u64 << index);
                    }
                }
                TypeDefKind::Resource => resource(text, id),
                _ => {}
            }
        }
    }

    /// A record, or a case of a variant.
    fn class(&self, text: &mut String, name: &str, fields: &[String]) {
        if self.has_dataclasses {
            let _ = write!(text, "\n\n@_dataclass\nclass {name}:\n");
            if fields.is_empty() {
                text.push_str("    pass\n");
            }
            for field in fields {
                let _ = writeln!(text, "    {field}: object");
            }
            return;
        }
        let _ = write!(text, "\n\nclass {name}(_Record):\n");
        let names = tuple(fields.iter().map(|field| format!("{field:?}")));
        let _ = writeln!(text, "    __match_args__ = {names}");
        if !fields.is_empty() {
            let _ = writeln!(text, "\n    def __init__({}):", joined("_self", fields));
            for field in fields {
                let _ = writeln!(text, "        _self.{field} = {field}");
            }
        }
    }

    /// The imports that the classes of these types need.
    fn header(&self, types: &[TypeId]) -> String {
        let mut text = String::new();
        let has =
            |test: fn(&TypeDefKind) -> bool| types.iter().any(|&id| test(&self.world.resolve.types[id].kind));
        if has(|kind| matches!(kind, TypeDefKind::Enum(_))) {
            text.push_str("from enum import Enum as _Enum\n");
        }
        if has(|kind| matches!(kind, TypeDefKind::Flags(_))) {
            text.push_str("from enum import Flag as _Flag\n");
        }
        if has(|kind| matches!(kind, TypeDefKind::Record(_) | TypeDefKind::Variant(_))) {
            text.push_str(if self.has_dataclasses {
                "from dataclasses import dataclass as _dataclass\n"
            } else {
                "from _pywasm_records import Record as _Record\n"
            });
        }
        text
    }

    fn interface(&self, interface: &Interface) -> String {
        let types = self.types(interface);
        let is_both = interface.direction == Direction::Export
            && self
                .interfaces
                .iter()
                .any(|other| other.id == interface.id && other.direction == Direction::Import);
        let mut text = self.header(&types);
        let functions: Vec<&Function> = self.functions(interface).collect();
        if interface.direction == Direction::Import {
            if self.has_resource(&types) {
                text.push_str("from _pywasm_wit import Resource as _Resource\n");
            }
            self.import_table(&mut text, Some(&interface.full_name), &functions);
        } else if is_both {
            // Types that are no resources are the same on both sides.
            let _ = writeln!(text, "from ..imports.{} import *", interface.module_name());
        }
        let of = |id: TypeId| {
            functions
                .iter()
                .filter(move |function| function.kind.resource() == Some(id))
        };
        self.classes(&mut text, if is_both { &[] } else { &types }, &|text, id| {
            let name = camel(self.type_name(id));
            match interface.direction {
                Direction::Import => {
                    let _ = write!(text, "\n\nclass {name}(_Resource):\n");
                    if of(id).next().is_none() {
                        text.push_str("    pass\n");
                    }
                    for function in of(id) {
                        self.imported(text, Some(&interface.full_name), function);
                    }
                }
                Direction::Export => {
                    let _ = write!(text, "\n\nclass {name}:\n    pass\n");
                }
            }
        });
        if is_both {
            let resources = types
                .iter()
                .filter(|&&id| matches!(self.world.resolve.types[id].kind, TypeDefKind::Resource));
            for &id in resources {
                let _ = write!(text, "\n\nclass {}:\n    pass\n", camel(self.type_name(id)));
            }
        }
        if interface.direction == Direction::Import {
            for function in functions
                .iter()
                .filter(|function| function.kind.resource().is_none())
            {
                self.imported(&mut text, Some(&interface.full_name), function);
            }
        }
        text
    }

    fn has_resource(&self, types: &[TypeId]) -> bool {
        types
            .iter()
            .any(|&id| matches!(self.world.resolve.types[id].kind, TypeDefKind::Resource))
    }

    /// `wit_world`
    fn world_module(&self) -> String {
        let world = &self.world.resolve.worlds[self.world.id];
        let mut types = Vec::new();
        let mut functions = Vec::new();
        for item in world.imports.values() {
            match item {
                WorldItem::Type { id, .. } => types.push(*id),
                WorldItem::Function(function) => functions.push(function),
                WorldItem::Interface { .. } => {}
            }
        }
        let mut text = self.header(&types);
        if !functions.is_empty() {
            self.import_table(&mut text, None, &functions);
        }
        self.classes(&mut text, &types, &|_, _| {});
        for function in functions {
            self.imported(&mut text, None, function);
        }
        text.push_str(&self.makers_text());
        text.push_str("\n\nclass WitWorld:\n    pass\n");
        text
    }

    /// `wit_world.exports`: a class for each interface, and the modules of those that have types.
    fn protocols(&self) -> String {
        let exported = || {
            let all = self.interfaces.iter();
            all.filter(|interface| interface.direction == Direction::Export)
        };
        let mut text = String::new();
        for interface in exported() {
            let is_both =
                |other: &&Interface| other.id == interface.id && other.direction == Direction::Import;
            // Those of an interface that is imported too would keep that import, needed or not.
            if !self.types(interface).is_empty() && !self.interfaces.iter().any(|other| is_both(&other)) {
                let _ = writeln!(text, "from . import {}", interface.module_name());
            }
        }
        for interface in exported() {
            let _ = write!(text, "\n\nclass {}:\n    pass\n", interface.protocol());
        }
        text
    }
}

/// `self` and what follows.
fn joined(first: &str, rest: &[String]) -> String {
    std::iter::once(first)
        .chain(rest.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A tuple's text.
pub(crate) fn tuple(items: impl IntoIterator<Item = String>) -> String {
    let items: String = items.into_iter().map(|item| item + ", ").collect();
    format!("({})", items.strip_suffix(' ').unwrap_or(&items))
}
