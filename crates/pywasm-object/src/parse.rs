//! Parses a module into its sections, functions, segments and exports.
//!
//! Only what the passes look at is taken apart; the rest stays a byte range.
//! All ranges are offsets into the module's bytes.

use std::ops::Range;

use wasm_encoder::RawSection;
use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FunctionBody,
    MemoryType, Operator, Parser, Payload, TableInit, TypeRef, ValType,
};

use crate::{Error, validate};

/// A module taken apart; it is valid.
pub(crate) struct Module<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) sections: Vec<Section<'a>>,
    /// For each type its class: two function types that are equal have the same class.
    pub(crate) type_classes: Vec<u32>,
    /// Types have no subtyping and name no other types, so that classes say all.
    pub(crate) types_are_plain: bool,
    pub(crate) imported_functions: u32,
    /// Module and name of each imported function.
    pub(crate) imports: Vec<(&'a str, &'a str)>,
    /// The type of each function, imported ones first.
    pub(crate) function_types: Vec<u32>,
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    pub(crate) table_imported: bool,
    pub(crate) table_count: u32,
    pub(crate) memory_imported: bool,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<Global<'a>>,
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<ElementSegment<'a>>,
    pub(crate) data: Vec<DataSegment>,
    /// Functions that constant expressions name by `ref.func`.
    pub(crate) constant_functions: Vec<u32>,
    /// Globals that constant expressions read.
    pub(crate) constant_globals: Vec<u32>,
}

/// One section: `range` is its content, without the id and the size.
pub(crate) struct Section<'a> {
    pub(crate) id: u8,
    /// Name of a custom section.
    pub(crate) name: Option<&'a str>,
    /// Bytes of a custom section after its name.
    pub(crate) custom: &'a [u8],
    pub(crate) range: Range<usize>,
}

pub(crate) struct Export<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: ExternalKind,
    pub(crate) index: u32,
}

pub(crate) struct Global<'a> {
    pub(crate) imported: bool,
    pub(crate) mutable: bool,
    pub(crate) value_type: ValType,
    /// Its encoding, for a defined global.
    pub(crate) encoding: Range<usize>,
    /// The initial value of a defined global.
    pub(crate) init: Option<ConstExpr<'a>>,
}

/// An element segment; `bytes` is its encoding.
pub(crate) struct ElementSegment<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) functions: Vec<u32>,
    /// First slot, for an active segment of plain functions in table 0.
    pub(crate) slot: Option<u32>,
    pub(crate) declared: bool,
}

/// A data segment.
pub(crate) struct DataSegment {
    /// All of its encoding.
    pub(crate) encoding: Range<usize>,
    /// Its contents.
    pub(crate) range: Range<usize>,
    /// Where it starts in memory 0, if it is active at a constant address.
    pub(crate) address: Option<u64>,
}

pub(crate) const SECTION_CUSTOM: u8 = 0;
pub(crate) const SECTION_MEMORY: u8 = 5;
pub(crate) const SECTION_GLOBAL: u8 = 6;
pub(crate) const SECTION_EXPORT: u8 = 7;
pub(crate) const SECTION_ELEMENT: u8 = 9;
pub(crate) const SECTION_CODE: u8 = 10;
pub(crate) const SECTION_DATA: u8 = 11;
pub(crate) const SECTION_DATA_COUNT: u8 = 12;

/// Validates `bytes` and takes them apart.
pub(crate) fn parse(bytes: &[u8]) -> Result<Module<'_>, Error> {
    validate(bytes)?;
    let mut module = Module::empty(bytes);
    for payload in Parser::new(0).parse_all(bytes) {
        module
            .add(payload.map_err(Error::Invalid)?)
            .map_err(Error::Invalid)?;
    }
    Ok(module)
}

impl<'a> Module<'a> {
    fn empty(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            sections: Vec::new(),
            type_classes: Vec::new(),
            types_are_plain: true,
            imported_functions: 0,
            imports: Vec::new(),
            function_types: Vec::new(),
            bodies: Vec::new(),
            table_imported: false,
            table_count: 0,
            memory_imported: false,
            memories: Vec::new(),
            globals: Vec::new(),
            exports: Vec::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            constant_functions: Vec::new(),
            constant_globals: Vec::new(),
        }
    }

    /// The first section of a kind; custom sections are looked up by name.
    pub(crate) fn section(&self, id: u8) -> Option<&Section<'a>> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// A section as it stands.
    pub(crate) fn raw(&self, section: &Section<'_>) -> RawSection<'a> {
        RawSection {
            id: section.id,
            data: &self.bytes[section.range.clone()],
        }
    }

    pub(crate) fn custom(&self, name: &str) -> Option<&Section<'a>> {
        self.sections.iter().find(|section| section.name == Some(name))
    }

    pub(crate) fn function_count(&self) -> u32 {
        self.function_types.len() as u32
    }

    /// The body of a function that is defined here.
    pub(crate) fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        function
            .checked_sub(self.imported_functions)
            .and_then(|index| self.bodies.get(index as usize))
    }

    pub(crate) fn data_bytes(&self, segment: usize) -> &'a [u8] {
        &self.bytes[self.data[segment].range.clone()]
    }

    fn add(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        if let Some((id, range)) = payload.as_section() {
            let (name, custom) = match &payload {
                Payload::CustomSection(reader) => (Some(reader.name()), reader.data()),
                _ => (None, &[][..]),
            };
            self.sections.push(Section {
                id,
                name,
                custom,
                range,
            });
        }
        match payload {
            Payload::TypeSection(reader) => self.add_types(reader)?,
            Payload::ImportSection(reader) => self.add_imports(reader)?,
            Payload::FunctionSection(reader) => {
                for ty in reader {
                    self.function_types.push(ty?);
                }
            }
            Payload::TableSection(reader) => {
                self.table_count += reader.count();
                for table in reader {
                    if let TableInit::Expr(expression) = table?.init {
                        self.note(&expression)?;
                    }
                }
            }
            Payload::MemorySection(reader) => {
                for ty in reader {
                    self.memories.push(ty?);
                }
            }
            Payload::GlobalSection(reader) => {
                let end = reader.range().end;
                let mut entries = reader.into_iter_with_offsets().peekable();
                while let Some(entry) = entries.next() {
                    let (start, global) = entry?;
                    let next = match entries.peek() {
                        Some(Ok((next, _))) => *next,
                        _ => end,
                    };
                    self.note(&global.init_expr)?;
                    self.globals.push(Global {
                        imported: false,
                        encoding: start..next,
                        mutable: global.ty.mutable,
                        value_type: global.ty.content_type,
                        init: Some(global.init_expr),
                    });
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export?;
                    self.exports.push(Export {
                        name: export.name,
                        kind: export.kind,
                        index: export.index,
                    });
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(reader) => self.add_elements(reader)?,
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(reader) => self.add_data(reader)?,
            _ => {}
        }
        Ok(())
    }

    fn add_types(&mut self, reader: wasmparser::TypeSectionReader<'a>) -> wasmparser::Result<()> {
        let mut classes = std::collections::HashMap::new();
        for group in reader {
            let group = group?;
            self.types_are_plain &= !group.is_explicit_rec_group();
            for ty in group.into_types() {
                let class = classes.len() as u32;
                let func = match &ty.composite_type.inner {
                    CompositeInnerType::Func(func) => Some(func.clone()),
                    _ => None,
                };
                let named = func.iter().any(|func| {
                    func.params()
                        .iter()
                        .chain(func.results())
                        .any(|value| match value {
                            ValType::Ref(reference) => reference.is_concrete_type_ref(),
                            _ => false,
                        })
                });
                self.types_are_plain &= func.is_some() && !named && ty.is_final && ty.supertype_idx.is_none();
                let class = match func {
                    Some(func) => *classes.entry(func).or_insert(class),
                    None => u32::MAX,
                };
                self.type_classes.push(class);
            }
        }
        Ok(())
    }

    fn add_imports(&mut self, reader: wasmparser::ImportSectionReader<'a>) -> wasmparser::Result<()> {
        for import in reader.into_imports() {
            let import = import?;
            match import.ty {
                TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                    self.imported_functions += 1;
                    self.imports.push((import.module, import.name));
                    self.function_types.push(ty);
                }
                TypeRef::Table(_) => {
                    self.table_count += 1;
                    self.table_imported = true;
                }
                TypeRef::Memory(ty) => {
                    self.memories.push(ty);
                    self.memory_imported = true;
                }
                TypeRef::Global(ty) => self.globals.push(Global {
                    imported: true,
                    encoding: 0..0,
                    mutable: ty.mutable,
                    value_type: ty.content_type,
                    init: None,
                }),
                TypeRef::Tag(_) => {}
            }
        }
        Ok(())
    }

    fn add_elements(&mut self, reader: wasmparser::ElementSectionReader<'a>) -> wasmparser::Result<()> {
        for element in reader {
            let element = element?;
            let mut segment = ElementSegment {
                bytes: &self.bytes[element.range.clone()],
                functions: Vec::new(),
                slot: None,
                declared: matches!(element.kind, ElementKind::Declared),
            };
            match element.items {
                ElementItems::Functions(functions) => {
                    for function in functions {
                        segment.functions.push(function?);
                    }
                    if let ElementKind::Active {
                        table_index,
                        offset_expr,
                    } = &element.kind
                    {
                        let first = constant(offset_expr)?.and_then(|slot| u32::try_from(slot).ok());
                        segment.slot = first.filter(|_| table_index.unwrap_or(0) == 0);
                    }
                }
                ElementItems::Expressions(_, expressions) => {
                    for expression in expressions {
                        self.note(&expression?)?;
                    }
                }
            }
            if let ElementKind::Active { offset_expr, .. } = &element.kind {
                self.note(offset_expr)?;
            }
            self.elements.push(segment);
        }
        Ok(())
    }

    fn add_data(&mut self, reader: wasmparser::DataSectionReader<'a>) -> wasmparser::Result<()> {
        for data in reader {
            let data = data?;
            let end = data.range.end;
            let mut segment = DataSegment {
                range: end - data.data.len()..end,
                encoding: data.range,
                address: None,
            };
            if let DataKind::Active {
                memory_index,
                offset_expr,
            } = data.kind
            {
                segment.address = constant(&offset_expr)?.filter(|_| memory_index == 0);
                self.note(&offset_expr)?;
            }
            self.data.push(segment);
        }
        Ok(())
    }

    /// Collects what a constant expression refers to.
    fn note(&mut self, expression: &ConstExpr<'a>) -> wasmparser::Result<()> {
        for operator in expression.get_operators_reader() {
            match operator? {
                Operator::RefFunc { function_index } => self.constant_functions.push(function_index),
                Operator::GlobalGet { global_index } => self.constant_globals.push(global_index),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The value of an expression that is one `i32.const` or `i64.const`, as an unsigned address.
pub(crate) fn constant(expression: &ConstExpr<'_>) -> wasmparser::Result<Option<u64>> {
    let mut reader = expression.get_operators_reader();
    let value = match reader.read()? {
        Operator::I32Const { value } => u64::from(value as u32),
        Operator::I64Const { value } => value as u64,
        _ => return Ok(None),
    };
    Ok(matches!(reader.read()?, Operator::End).then_some(value))
}
