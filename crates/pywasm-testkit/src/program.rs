//! Builds a module from functions and data with symbolic references, as `wasm-ld --emit-relocs`
//! writes one, with `linking` and `reloc.*` sections.
//!
//! Tests state what refers to what, and [`Program::build`] lays it out: one memory, one
//! table whose slots hold the functions whose address is taken.

use wasm_encoder::{
    ConstExpr, CustomSection, ElementSection, Elements, Encode, EntityType, ExportKind, ExportSection,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, NameMap,
    NameSection, RawSection, RefType, StartSection, TableSection, TableType, TypeSection, ValType,
};

/// A symbol's flag: other objects do not see it.
pub const LOCAL: u32 = 0x02;
/// A symbol's flag: it is not in the module.
pub const UNDEFINED: u32 = 0x10;
/// A symbol's flag: it stays, whether something refers to it or not.
pub const NO_STRIP: u32 = 0x80;
/// A symbol's flag: its value is not an address in a segment.
pub const ABSOLUTE: u32 = 0x200;

/// One step of a function's body.
#[derive(Clone, Debug)]
pub enum Step {
    /// `call`, with a relocation.
    Call(&'static str),
    /// `call` as the linker writes it in its own functions, without a relocation.
    BareCall(&'static str),
    /// `i32.const` with the function's table slot.
    Take(&'static str),
    /// `i32.const` with the address of data, and an addend.
    Data(&'static str, i32),
    /// `i32.const` with that value, no relocation.
    Const(i32),
    /// `call_indirect` with type `() -> ()` (0) or `(i32) -> ()` (1).
    CallIndirect(u32),
    /// Bytes as they are, with a relocation of that kind for their first operand: kind, symbol, bytes.
    Raw(u8, &'static str, Vec<u8>),
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// 0 = `() -> ()`, 1 = `(i32) -> ()`.
    pub ty: u32,
    /// The flags of its symbol.
    pub flags: u32,
    /// Its body.
    pub steps: Vec<Step>,
}

/// A name for a part of a segment.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: &'static str,
    /// The segment, by its place in [`Program::segments`].
    pub segment: u32,
    /// Where it begins in the segment.
    pub offset: u32,
    /// How long it is, in bytes.
    pub size: u32,
    /// Its flags, such as [`LOCAL`].
    pub flags: u32,
}

/// A data segment.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its name.
    pub name: &'static str,
    /// Where it stands in the memory.
    pub address: u32,
    /// Its content, before the pointers are filled in.
    pub bytes: Vec<u8>,
}

/// A relocation in addition to those that follow from the steps and pointers.
#[derive(Clone, Debug)]
pub struct Extra {
    /// Whether it is in the data section, not in the code section.
    pub in_data: bool,
    /// Its kind, as in the tool conventions.
    pub kind: u8,
    /// Where it applies, counted from the start of the section.
    pub offset: u32,
    /// The index of its symbol.
    pub symbol: u32,
}

/// What is linked.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Imported as `env.NAME`, type `() -> ()`.
    pub imports: Vec<&'static str>,
    /// The functions with code.
    pub functions: Vec<Function>,
    /// The data segments.
    pub segments: Vec<Segment>,
    /// Names for parts of the segments.
    pub symbols: Vec<Symbol>,
    /// Segment, offset, and the data or function that the four bytes there point to.
    pub pointers: Vec<(u32, u32, &'static str)>,
    /// Exported functions.
    pub exports: Vec<&'static str>,
    /// Immutable i32 globals that are exported.
    pub exported_globals: Vec<(&'static str, i32)>,
    /// The start function.
    pub start: Option<&'static str>,
    /// The functions that the linker's constructor calls.
    pub constructors: Vec<&'static str>,
    /// More relocations.
    pub extra: Vec<Extra>,
    /// Whether the table is exported.
    pub export_table: bool,
    /// Leave out the sections with these names.
    pub without: Vec<&'static str>,
    /// Custom sections at the end.
    pub custom: Vec<(&'static str, Vec<u8>)>,
}

/// A function of the type `() -> ()` without flags.
#[must_use]
pub fn function(name: &'static str, steps: Vec<Step>) -> Function {
    Function {
        name,
        ty: 0,
        flags: 0,
        steps,
    }
}

/// A symbol without flags.
#[must_use]
pub fn symbol(name: &'static str, segment: u32, offset: u32, size: u32) -> Symbol {
    Symbol {
        name,
        segment,
        offset,
        size,
        flags: 0,
    }
}

/// A relocation entry: kind, offset, symbol, addend.
type Entry = (u8, u32, u32, Option<i64>);

const WITH_ADDEND: [u8; 14] = [3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25];

impl Program {
    /// The index of an imported or defined function.
    ///
    /// # Panics
    /// When the program does not have it.
    #[must_use]
    pub fn function_index(&self, name: &str) -> u32 {
        let import = self.imports.iter().position(|import| *import == name);
        let defined = self.functions.iter().position(|function| function.name == name);
        import
            .or(defined.map(|index| index + self.imports.len()))
            .expect("a function of the program") as u32
    }

    /// Index in the symbol table: functions by index, then data.
    #[must_use]
    pub fn symbol_index(&self, name: &str) -> u32 {
        match self.symbols.iter().position(|symbol| symbol.name == name) {
            Some(index) => (self.imports.len() + self.functions.len() + index) as u32,
            None => self.function_index(name),
        }
    }

    /// The address of data; 0 where its symbol has none.
    ///
    /// # Panics
    /// When the program does not have it.
    #[must_use]
    pub fn address(&self, name: &str) -> u32 {
        let symbol = self
            .symbols
            .iter()
            .find(|symbol| symbol.name == name)
            .expect("data of the program");
        if symbol.flags & (UNDEFINED | ABSOLUTE) != 0 {
            return 0;
        }
        self.segments[symbol.segment as usize].address + symbol.offset
    }

    fn is_data(&self, name: &str) -> bool {
        self.symbols.iter().any(|symbol| symbol.name == name)
    }

    /// Functions in the table, the first one in slot 1.
    #[must_use]
    pub fn slots(&self) -> Vec<&'static str> {
        let mut slots = Vec::new();
        let steps = self.functions.iter().flat_map(|function| &function.steps);
        let taken = steps.filter_map(|step| match step {
            Step::Take(name) => Some(*name),
            _ => None,
        });
        let pointed = self
            .pointers
            .iter()
            .map(|(_, _, name)| *name)
            .filter(|name| !self.is_data(name));
        for name in taken.chain(pointed) {
            if !slots.contains(&name) {
                slots.push(name);
            }
        }
        slots
    }

    fn slot(&self, name: &str) -> u32 {
        self.slots()
            .iter()
            .position(|slot| *slot == name)
            .expect("a function whose address is taken") as u32
            + 1
    }

    /// The module.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([ValType::I32], []);
        let mut imports = ImportSection::new();
        for name in &self.imports {
            imports.import("env", name, EntityType::Function(0));
        }
        let mut functions = FunctionSection::new();
        self.functions.iter().for_each(|function| {
            functions.function(function.ty);
        });
        let slots: Vec<u32> = self
            .slots()
            .iter()
            .map(|name| self.function_index(name))
            .collect();
        let size = slots.len() as u64 + 1;
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: size,
            maximum: Some(size),
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 2,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        globals.global(
            GlobalType {
                val_type: ValType::I32,
                mutable: true,
                shared: false,
            },
            &ConstExpr::i32_const(1024),
        );
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        for name in &self.exports {
            exports.export(name, ExportKind::Func, self.function_index(name));
        }
        for (index, (name, value)) in self.exported_globals.iter().enumerate() {
            let ty = GlobalType {
                val_type: ValType::I32,
                mutable: false,
                shared: false,
            };
            globals.global(ty, &ConstExpr::i32_const(*value));
            exports.export(name, ExportKind::Global, index as u32 + 1);
        }
        if self.export_table {
            exports.export("table", ExportKind::Table, 0);
        }
        let mut elements = ElementSection::new();
        elements.active(
            None,
            &ConstExpr::i32_const(1),
            Elements::Functions(slots.as_slice().into()),
        );

        module.section(&types);
        if !self.imports.is_empty() {
            module.section(&imports);
        }
        module
            .section(&functions)
            .section(&tables)
            .section(&memories)
            .section(&globals)
            .section(&exports);
        if let Some(start) = self.start {
            module.section(&StartSection {
                function_index: self.function_index(start),
            });
        }
        module.section(&elements);
        let (code, mut code_entries) = self.code();
        let (data, mut data_entries) = self.data();
        for extra in &self.extra {
            let addend = WITH_ADDEND.contains(&extra.kind).then_some(0);
            let entries = if extra.in_data {
                &mut data_entries
            } else {
                &mut code_entries
            };
            entries.push((extra.kind, extra.offset, extra.symbol, addend));
        }
        let start = u32::from(self.start.is_some()) + u32::from(!self.imports.is_empty());
        let (code_section, data_section) = (7 + start, 8 + start);
        module.section(&RawSection { id: 10, data: &code });
        module.section(&RawSection { id: 11, data: &data });
        let mut sections: Vec<(&str, Vec<u8>)> = vec![
            ("linking", self.linking()),
            ("reloc.CODE", relocations(code_section, &code_entries)),
            ("reloc.DATA", relocations(data_section, &data_entries)),
            ("name", self.names()),
        ];
        sections.extend(self.custom.iter().cloned());
        for (name, data) in sections.iter().filter(|(name, _)| !self.without.contains(name)) {
            module.section(&CustomSection {
                name: (*name).into(),
                data: data.into(),
            });
        }
        module.finish()
    }

    fn code(&self) -> (Vec<u8>, Vec<Entry>) {
        let mut out = Vec::new();
        self.functions.len().encode(&mut out);
        let mut entries = Vec::new();
        for function in &self.functions {
            let mut body = vec![0];
            let mut own: Vec<Entry> = Vec::new();
            let put = |body: &mut Vec<u8>, opcode: u8, value: u32| {
                body.push(opcode);
                let at = body.len() as u32;
                padded(body, value);
                at
            };
            for step in &function.steps {
                match step {
                    Step::Call(name) => {
                        let at = put(&mut body, 0x10, self.function_index(name));
                        own.push((0, at, self.symbol_index(name), None));
                    }
                    Step::BareCall(name) => {
                        body.push(0x10);
                        self.function_index(name).encode(&mut body);
                    }
                    Step::Take(name) => {
                        let at = put(&mut body, 0x41, self.slot(name));
                        own.push((1, at, self.symbol_index(name), None));
                        body.push(0x1a);
                    }
                    Step::Data(name, addend) => {
                        let at = put(&mut body, 0x41, self.address(name).wrapping_add_signed(*addend));
                        own.push((4, at, self.symbol_index(name), Some(i64::from(*addend))));
                        body.push(0x1a);
                    }
                    Step::Const(value) => {
                        body.push(0x41);
                        value.encode(&mut body);
                        body.push(0x1a);
                    }
                    Step::CallIndirect(ty) => {
                        for _ in 0..*ty {
                            body.extend([0x41, 0]);
                        }
                        body.extend([0x41, 0]);
                        let at = put(&mut body, 0x11, *ty);
                        own.push((6, at, *ty, None));
                        body.push(0);
                    }
                    Step::Raw(kind, name, bytes) => {
                        let addend = WITH_ADDEND.contains(kind).then_some(0);
                        own.push((*kind, body.len() as u32 + 1, self.symbol_index(name), addend));
                        body.extend(bytes);
                    }
                }
            }
            body.push(0x0b);
            body.len().encode(&mut out);
            let base = out.len() as u32;
            out.extend(body);
            entries.extend(
                own.into_iter()
                    .map(|(kind, at, symbol, addend)| (kind, at + base, symbol, addend)),
            );
        }
        (out, entries)
    }

    fn data(&self) -> (Vec<u8>, Vec<Entry>) {
        let mut out = Vec::new();
        self.segments.len().encode(&mut out);
        let mut entries = Vec::new();
        for (number, segment) in self.segments.iter().enumerate() {
            let mut bytes = segment.bytes.clone();
            let mut own: Vec<Entry> = Vec::new();
            for (_, offset, name) in self
                .pointers
                .iter()
                .filter(|(segment, _, _)| *segment as usize == number)
            {
                let (kind, value, addend) = match self.is_data(name) {
                    true => (5, self.address(name), Some(0)),
                    false => (2, self.slot(name), None),
                };
                bytes[*offset as usize..*offset as usize + 4].copy_from_slice(&value.to_le_bytes());
                own.push((kind, *offset, self.symbol_index(name), addend));
            }
            out.extend([0, 0x41]);
            (segment.address as i32).encode(&mut out);
            out.push(0x0b);
            bytes.len().encode(&mut out);
            let base = out.len() as u32;
            out.extend(bytes);
            entries.extend(
                own.into_iter()
                    .map(|(kind, at, symbol, addend)| (kind, at + base, symbol, addend)),
            );
        }
        (out, entries)
    }

    fn linking(&self) -> Vec<u8> {
        let mut table = Vec::new();
        (self.imports.len() + self.functions.len() + self.symbols.len()).encode(&mut table);
        for (index, name) in self.imports.iter().enumerate() {
            table.push(0);
            (UNDEFINED | 0x40).encode(&mut table);
            (index as u32).encode(&mut table);
            name.encode(&mut table);
        }
        for function in &self.functions {
            table.push(0);
            function.flags.encode(&mut table);
            self.function_index(function.name).encode(&mut table);
            function.name.encode(&mut table);
        }
        for symbol in &self.symbols {
            table.push(1);
            symbol.flags.encode(&mut table);
            symbol.name.encode(&mut table);
            if symbol.flags & UNDEFINED == 0 {
                symbol.segment.encode(&mut table);
                symbol.offset.encode(&mut table);
                symbol.size.encode(&mut table);
            }
        }
        let mut segments = Vec::new();
        self.segments.len().encode(&mut segments);
        for segment in &self.segments {
            segment.name.encode(&mut segments);
            segments.extend([0, 0]);
        }
        let mut constructors = Vec::new();
        self.constructors.len().encode(&mut constructors);
        for name in &self.constructors {
            constructors.push(0);
            self.symbol_index(name).encode(&mut constructors);
        }
        let mut out = vec![2];
        for (id, content) in [(8, table), (5, segments), (6, constructors)] {
            out.push(id);
            content.as_slice().encode(&mut out);
        }
        out
    }

    fn names(&self) -> Vec<u8> {
        let mut names = NameMap::new();
        for (index, name) in self
            .imports
            .iter()
            .copied()
            .chain(self.functions.iter().map(|f| f.name))
            .enumerate()
        {
            names.append(index as u32, name);
        }
        let mut globals = NameMap::new();
        globals.append(0, "__stack_pointer");
        for (index, (name, _)) in self.exported_globals.iter().enumerate() {
            globals.append(index as u32 + 1, name);
        }
        let mut section = NameSection::new();
        section.functions(&names);
        section.globals(&globals);
        section.as_custom().data.into_owned()
    }
}

fn relocations(section: u32, entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    section.encode(&mut out);
    entries.len().encode(&mut out);
    for (kind, offset, symbol, addend) in entries {
        out.push(*kind);
        offset.encode(&mut out);
        symbol.encode(&mut out);
        if let Some(addend) = addend {
            addend.encode(&mut out);
        }
    }
    out
}

/// A 32-bit LEB128 in five bytes, as linkers write where a relocation applies.
fn padded(out: &mut Vec<u8>, value: u32) {
    for shift in [0, 7, 14, 21] {
        out.push((value >> shift & 127) as u8 | 128);
    }
    out.push((value >> 28) as u8);
}
