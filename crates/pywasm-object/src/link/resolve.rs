//! Resolves the imports of the shared modules, or lists all that is missing.
//!
//! A name is looked for in the base's symbols first, then among the exports of
//! the other modules. What the base's own code calls through a wrapper (`--wrap`),
//! others do too. For an address (`GOT.mem`, `GOT.func`) the module's own
//! exports come before both, since its calls are bound to its own functions too.
//! Static functions and data of the base are not found: they are nobody else's
//! in C either, and one may by chance have the right name.

use std::collections::{BTreeSet, HashMap};

use wasmparser::FuncType;

use crate::link::LinkError;
use crate::link::base::Base;
use crate::link::bindings::{Address, ImportBinding, Stubs};
use crate::link::dylink::Import;
use crate::link::error::MissingSymbols;
use crate::link::layout::Layout;
use crate::link::side::Side;
use crate::link::slots::Slots;
use crate::link::symbols::Symbols;
use crate::link::value::{Value, expression};

/// Finds what imports are.
pub(crate) struct Resolver<'r, 'a> {
    base: &'r Base<'a>,
    sides: &'r [Side<'a>],
    layout: &'r Layout,
    /// The base's imported functions by module and name.
    imports: HashMap<(&'r str, &'r str), u32>,
    pub(crate) stubs: Stubs,
    missing: Vec<BTreeSet<String>>,
}

impl<'r, 'a> Resolver<'r, 'a> {
    pub(crate) fn new(base: &'r Base<'a>, sides: &'r [Side<'a>], layout: &'r Layout) -> Self {
        Self {
            base,
            sides,
            layout,
            imports: base.module.imports.iter().copied().zip(0..).collect(),
            stubs: Vec::new(),
            missing: vec![BTreeSet::new(); sides.len()],
        }
    }

    /// The functions that the module `side` imports. What is missing becomes function 0.
    pub(crate) fn functions(&mut self, side: usize) -> Vec<u32> {
        let sides = self.sides;
        let imports = sides[side].functions.iter().enumerate();
        imports
            .map(|(index, import)| self.function(side, index, import).unwrap_or(0))
            .collect()
    }

    fn function(&mut self, side: usize, index: usize, import: &Import<'_>) -> Option<u32> {
        let own = &self.sides[side];
        let wanted = own.function_type(index as u32)?;
        let shown = match import.module {
            "env" => import.name.to_owned(),
            module => format!("{module}.{}", import.name),
        };
        let found = match import.module {
            "env" => self.find(side, import.name),
            _ => Ok(None),
        };
        let found = match found {
            Ok(None) => self.imports.get(&(import.module, import.name)).copied(),
            Ok(found) => found,
            Err(note) => {
                self.missing[side].insert(format!("{shown} ({note})"));
                return None;
            }
        };
        match found {
            Some(function) if self.function_type(function) == Some(wanted) => Some(function),
            Some(_) => {
                self.missing[side].insert(format!("{shown} (which has another type)"));
                None
            }
            None if import.weak => {
                let ty = *own.module.function_types.get(index)?;
                let ty = *self.layout.places[side].types.get(ty as usize)?;
                self.stubs.push(ty);
                Some(self.layout.functions + self.stubs.len() as u32 - 1)
            }
            None => {
                let shown = self.shown(&shown);
                self.missing[side].insert(shown);
                None
            }
        }
    }

    /// Looks in the base, then in the other modules.
    fn find(&self, side: usize, name: &str) -> Result<Option<u32>, String> {
        let functions = &self.base.functions;
        let wrapper = format!("__wrap_{name}");
        if let Some(&function) = functions.get(wrapper.as_str()).or_else(|| functions.get(name)) {
            return Ok(Some(function));
        }
        match self.others(side, |side| side.exported_function(name))? {
            Some((other, function)) => Ok(Some(self.function_index(other, function))),
            None => Ok(None),
        }
    }

    /// The one other module with that export.
    fn others(
        &self,
        side: usize,
        exported: impl Fn(&Side<'_>) -> Option<u32>,
    ) -> Result<Option<(usize, u32)>, String> {
        let others = self.sides.iter().enumerate().filter(|(other, _)| *other != side);
        let mut found = others.filter_map(|(other, module)| Some((other, exported(module)?)));
        let (first, second) = (found.next(), found.next());
        match (first, second) {
            (Some((a, _)), Some((b, _))) => Err(format!(
                "which both `{}` and `{}` have",
                self.sides[a].name, self.sides[b].name
            )),
            (found, _) => Ok(found),
        }
    }

    /// The index in the linked module of a function that a module defines.
    pub(crate) fn function_index(&self, side: usize, function: u32) -> u32 {
        let imported = self.sides[side].module.imported_functions;
        self.layout.places[side].functions + (function - imported)
    }

    fn function_type(&self, function: u32) -> Option<&FuncType> {
        if function < self.base.module.function_count() {
            return self.base.function_type(function);
        }
        let places = &self.layout.places;
        let side = places
            .partition_point(|place| place.functions <= function)
            .checked_sub(1)?;
        let module = &self.sides[side];
        module.function_type(function - places[side].functions + module.module.imported_functions)
    }

    /// What the globals are that the module `side` imports.
    pub(crate) fn globals(
        &mut self,
        side: usize,
        slots: &mut Slots,
        symbols: &mut Symbols,
    ) -> Result<Vec<ImportBinding>, LinkError> {
        let sides = self.sides;
        let mut bound = Vec::new();
        for (index, import) in sides[side].globals.iter().enumerate() {
            let ty = &sides[side].module.globals[index];
            if ty.value_type != wasmparser::ValType::I32 {
                return Err(sides[side].unsupported(format!(
                    "imports the global {}.{}, which is not an i32",
                    import.module, import.name
                )));
            }
            bound.push(match (import.module, import.name) {
                ("env", "__memory_base" | "__table_base") => ImportBinding::Base,
                ("env", "__stack_pointer") if ty.mutable => match self.base.stack_pointer {
                    Some(global) => ImportBinding::Global(global),
                    None => {
                        let problem = "it has no global named `__stack_pointer`, which modules need";
                        return Err(LinkError::BaseLacks(problem.to_owned()));
                    }
                },
                ("GOT.func", name) => {
                    ImportBinding::Address(self.slot(side, name, import.weak, slots, symbols)?)
                }
                ("GOT.mem", name) => ImportBinding::Address(self.address(side, name, import.weak, symbols)),
                (module, name) => {
                    return Err(sides[side].unsupported(format!(
                        "imports the global {module}.{name}, which is not an import that a linker makes"
                    )));
                }
            });
        }
        Ok(bound)
    }

    fn slot(
        &mut self,
        side: usize,
        name: &str,
        weak: bool,
        slots: &mut Slots,
        symbols: &mut Symbols,
    ) -> Result<Address, LinkError> {
        let own = self.sides[side].exported_function(name);
        let found = match own {
            Some(function) => Ok(Some(self.function_index(side, function))),
            None => self.find(side, name),
        };
        match found {
            Ok(Some(function)) => Ok(Address {
                value: slots.slot(function)?,
                symbols: vec![symbols.function(function)],
                is_slot: true,
            }),
            Ok(None) => Ok(self.nothing(side, name, weak)),
            Err(note) => Ok(self.nothing(side, &format!("{name} ({note})"), false)),
        }
    }

    fn address(&mut self, side: usize, name: &str, weak: bool, symbols: &Symbols) -> Address {
        let own = self.sides[side].exported_datum(name);
        if own.is_none()
            && let Some(datum) = self.base.data.get(name)
        {
            return Address {
                value: datum.address,
                symbols: vec![datum.symbol],
                is_slot: false,
            };
        }
        let found = match own {
            Some(offset) => Ok(Some((side, offset))),
            None => self.others(side, |side| side.exported_datum(name)),
        };
        match found {
            Ok(Some((side, offset))) => Address {
                value: self.layout.places[side].memory.wrapping_add(offset),
                symbols: symbols.sides[side].exported(name, offset),
                is_slot: false,
            },
            Ok(None) => self.nothing(side, name, weak),
            Err(note) => self.nothing(side, &format!("{name} ({note})"), false),
        }
    }

    fn nothing(&mut self, side: usize, name: &str, weak: bool) -> Address {
        if !weak {
            let shown = self.shown(name);
            self.missing[side].insert(shown);
        }
        Address::default()
    }

    fn shown(&self, name: &str) -> String {
        match self.base.statics.contains(name) {
            true => format!("{name} (which is static in the base)"),
            false => name.to_owned(),
        }
    }

    /// Refuses the link if something is missing; else the stubs.
    pub(crate) fn finish(self) -> Result<Stubs, LinkError> {
        let missing: Vec<MissingSymbols> = self
            .sides
            .iter()
            .zip(self.missing)
            .filter(|(_, symbols)| !symbols.is_empty())
            .map(|(side, symbols)| MissingSymbols {
                module: side.name.to_owned(),
                symbols: symbols.into_iter().collect(),
            })
            .collect();
        match missing.is_empty() {
            true => Ok(self.stubs),
            false => Err(LinkError::MissingSymbols(missing)),
        }
    }
}

impl Side<'_> {
    pub(crate) fn exported_function(&self, name: &str) -> Option<u32> {
        self.exports.get(name).copied()
    }

    /// The offset of exported data after `__memory_base`.
    fn exported_datum(&self, name: &str) -> Option<u32> {
        let global = self.exported_globals.get(name)?;
        let global = self.module.globals.get(*global as usize)?;
        match expression(global.init.as_ref()?, &[])? {
            Value::Number(offset) if !global.mutable => Some(offset),
            _ => None,
        }
    }
}
