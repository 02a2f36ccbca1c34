//! Writes the module with which a component starts: it finds what the world exports in the program, checks it, and binds
//! both to the base's glue.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wit_parser::{Type, TypeDefKind, TypeId, WorldItem};

use crate::bindings::{Program, Writer, tuple};
use crate::interfaces::{Direction, Interface};
use crate::names::{camel, member, own_part, snake};

/// Finds and checks what the world exports.
pub(crate) const BIND: &str = include_str!("../python/_pywasm_bind.py");

/// How the module that binds the program finds its classes.
const FIND: &str = "from _pywasm_bind import check as _check, errors as _errors, find_class


def _find(name, protocol, elsewhere):
    return find_class(_program, name, protocol, elsewhere)


";

impl Writer<'_> {
    /// The module that binds the program to the world.
    pub(crate) fn start(&self, program: Program<'_>) -> String {
        let metadata = &self.side.metadata;
        let mut modules: BTreeMap<String, String> = BTreeMap::new();
        let mut module = |name: String| {
            let next = format!("_module_{}", modules.len());
            modules.entry(name).or_insert(next).clone()
        };
        let mut class = |id: TypeId, is_exported: bool| {
            format!(
                "{}.{}",
                module(self.owner(id, is_exported)),
                camel(self.type_name(id))
            )
        };
        let records = metadata.records.iter().map(|record| {
            let fields = record.fields.iter().map(|(name, _)| format!("{:?}", snake(name)));
            tuple(std::iter::once(class(record.id, false)).chain(fields))
        });
        let records = tuple(records);
        let variants = metadata.variants.iter().map(|variant| {
            let name = class(variant.id, false);
            tuple(
                variant
                    .cases
                    .iter()
                    .map(|(case, _)| format!("{name}_{}", camel(case))),
            )
        });
        let variants = tuple(variants);
        let enums = metadata.enums.iter().map(|all| {
            let name = class(all.id, false);
            tuple(all.names.iter().map(|case| format!("{name}.{}", member(case))))
        });
        let enums = tuple(enums);
        let flags = tuple(metadata.flags.iter().map(|flags| class(flags.id, false)));
        let mut protocols: BTreeMap<String, String> = BTreeMap::new();
        let mut classes: BTreeMap<(String, String), String> = BTreeMap::new();
        let (mut found, mut checks, mut objects) = (String::new(), String::new(), String::new());
        let resources = metadata.resources.iter().map(|resource| {
            if resource.new_elem_index.is_none() {
                return class(resource.id, false);
            }
            let name = camel(&resource.name);
            let interface = self.exported(resource.interface.as_deref());
            let protocol = class(resource.id, true);
            let module = interface.map(Interface::module_name).unwrap_or_default();
            let variable = format!("_class_{}", classes.len());
            let elsewhere = if program.modules.contains(&module) && module != program.module {
                format!("lambda: __import__({module:?})")
            } else {
                "None".to_owned()
            };
            let _ = writeln!(found, "{variable} = _find({name:?}, {protocol}, {elsewhere})");
            if resource.new_elem_index.is_some() {
                checks.extend(self.checks(&variable, resource.interface.as_deref(), Some(&resource.name)));
            }
            classes.insert(
                (
                    resource.interface.clone().unwrap_or_default(),
                    resource.name.clone(),
                ),
                variable.clone(),
            );
            variable
        });
        let resources = tuple(resources);
        let exports = metadata.export_funcs.iter().map(|export| {
            let is_async = export.async_export_task_return_elem_index.is_some();
            let errors = program.exceptions_are_errors
                && self.has_text_error(export.interface.as_deref(), &export.name);
            let guarded = |function: String| match (errors, is_async) {
                (false, _) => function,
                (true, false) => format!("_errors({function}, False)"),
                (true, true) => format!("_errors({function}, True)"),
            };
            let own = own_part(&export.name);
            let kind = export
                .name
                .strip_prefix('[')
                .and_then(|rest| rest.split_once(']'));
            let Some((kind, rest)) = kind else {
                let protocol = match self.exported(export.interface.as_deref()) {
                    Some(interface) => interface.protocol(),
                    None => "WitWorld".to_owned(),
                };
                let next = format!("_object_{}", protocols.len());
                let object = protocols.entry(protocol.clone()).or_insert_with(|| {
                    let class = format!("_type{next}");
                    let _ = writeln!(found, "{class} = _find({protocol:?}, None, None)");
                    checks.extend(self.checks(&class, export.interface.as_deref(), None));
                    let _ = writeln!(objects, "{next} = {class}()");
                    next
                });
                return guarded(format!("{object}.{}", snake(own)));
            };
            let resource = rest.split_once('.').map_or(rest, |(resource, _)| resource);
            let key = (export.interface.clone().unwrap_or_default(), resource.to_owned());
            let class = classes.get(&key).cloned().unwrap_or_default();
            match kind {
                "constructor" => class,
                "static" => guarded(format!("{class}.{}", snake(own))),
                // By name, since a class may be derived from.
                _ => guarded(format!("{:?}", snake(own))),
            }
        });
        let exports = tuple(exports);
        let mut text = String::new();
        let _ = writeln!(text, "import {} as _program", program.module);
        text.push_str("import _pywasm_wit as _wit\nfrom componentize_py_types import Err, Ok, Some\n");
        for (module, name) in &modules {
            let _ = writeln!(text, "import {module} as {name}");
        }
        text.push_str(&self.start_loop());
        text.push_str(FIND);
        text.push_str(&found);
        text.push_str(&checks);
        text.push_str(&objects);
        let _ = write!(
            text,
            "_wit.bind({exports}, {records}, {variants}, {enums}, {flags}, {resources}, Some, Ok, Err)\nserve = _wit.serve\n"
        );
        text
    }

    /// Whether an exported function's result has a string as its error.
    fn has_text_error(&self, interface: Option<&str>, name: &str) -> bool {
        let world = &self.world.resolve.worlds[self.world.id];
        let items = world.exports.iter().filter(|(key, item)| match item {
            WorldItem::Interface { .. } => interface == Some(&self.world.resolve.name_world_key(key)),
            _ => interface.is_none(),
        });
        let functions = items.flat_map(|(_, item)| self.world.functions_of(item));
        let mut functions = functions.filter(|function| function.name == name);
        let Some(result) = functions.next().and_then(|function| function.result.as_ref()) else {
            return false;
        };
        match self.world.plain_kind(result) {
            Some(TypeDefKind::Result(both)) => both
                .err
                .as_ref()
                .is_some_and(|ty| self.world.plain(ty) == Type::String),
            _ => false,
        }
    }

    /// The checks of a class's functions: of a resource's, or of an interface's own.
    fn checks(&self, class: &str, interface: Option<&str>, resource: Option<&str>) -> Vec<String> {
        let exports = self.side.metadata.export_funcs.iter();
        let exports = exports.filter(|export| export.interface.as_deref() == interface);
        let checks = exports.filter_map(|export| {
            let kind = export
                .name
                .strip_prefix('[')
                .and_then(|rest| rest.split_once(']'));
            let of = kind.map(|(_, rest)| rest.split_once('.').map_or(rest, |(resource, _)| resource));
            if of != resource {
                return None;
            }
            let is_async = export.async_export_task_return_elem_index.is_some();
            let is_async = if is_async { "True" } else { "False" };
            let count = export.args.len();
            let (name, count) = match kind {
                Some(("constructor", _)) => ("__init__".to_owned(), count),
                Some(("method", _)) => (snake(own_part(&export.name)), count.saturating_sub(1)),
                _ => (snake(own_part(&export.name)), count),
            };
            Some(format!("_check({class}, {name:?}, {count}, {is_async})\n"))
        });
        checks.collect()
    }

    fn exported(&self, full_name: Option<&str>) -> Option<&Interface> {
        let full_name = full_name?;
        let mut all = self.interfaces.iter();
        all.find(|interface| interface.direction == Direction::Export && interface.full_name == full_name)
    }
}
