//! Reads a module's `linking` and `reloc.*` sections: its symbols and relocations, checked against
//! the module.
//!
//! The format is tool-conventions' `Linking.md`. `wasm-ld --emit-relocs` keeps
//! these sections in a linked module; offsets and indices then speak of the
//! final module.

use wasmparser::{
    BinaryReader, Linking as Subsection, LinkingSectionReader, RelocSectionReader, RelocationEntry,
    SymbolFlags, SymbolInfo,
};

use crate::Error;
use crate::parse::{Module, SECTION_CODE, SECTION_CUSTOM, SECTION_DATA};

/// Symbols and relocations of a linked module.
pub(crate) struct Linking<'a> {
    pub(crate) symbols: Vec<Symbol<'a>>,
    /// Name of each data segment, where the linker wrote them.
    pub(crate) segment_names: Vec<&'a str>,
    /// Symbols of the constructors.
    pub(crate) constructors: Vec<u32>,
    /// Relocations of the code section, by offset.
    pub(crate) code: Vec<RelocationEntry>,
    /// Relocations of the data section, by offset.
    pub(crate) data: Vec<RelocationEntry>,
}

pub(crate) struct Symbol<'a> {
    pub(crate) name: &'a str,
    pub(crate) flags: SymbolFlags,
    pub(crate) target: Target,
}

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Function(u32),
    /// Bytes of a data segment; a size of zero means that the size is not known.
    Data {
        segment: u32,
        offset: u32,
        size: u32,
    },
    /// An address that is not a symbol's bytes, such as the end of the data.
    Absolute,
    /// Weak and never defined.
    Undefined,
    /// A global, table, tag or section: nothing that shaking follows.
    Other,
}

pub(crate) const CODE_RELOCATIONS: &str = "reloc.CODE";
pub(crate) const DATA_RELOCATIONS: &str = "reloc.DATA";
const LINKING: &str = "linking";

/// Reads the symbol table and the relocations of the code and data sections.
pub(crate) fn linking<'a>(module: &Module<'a>) -> Result<Linking<'a>, Error> {
    for name in ["dylink.0", "dylink"] {
        if module.custom(name).is_some() {
            return Err(Error::NotStatic {
                section: name.to_owned(),
            });
        }
    }
    symbols_and_relocations(module)
}

/// Reads the same of a module whose addresses need not be fixed.
pub(crate) fn symbols_and_relocations<'a>(module: &Module<'a>) -> Result<Linking<'a>, Error> {
    let mut linking = Linking {
        symbols: Vec::new(),
        segment_names: Vec::new(),
        constructors: Vec::new(),
        code: Vec::new(),
        data: Vec::new(),
    };
    let section = module
        .custom(LINKING)
        .ok_or(Error::NoRelocations { section: LINKING })?;
    linking
        .read_subsections(section.custom)
        .map_err(Error::section(LINKING))?;
    linking.check_symbols(module)?;
    if let Some(&symbol) = linking
        .constructors
        .iter()
        .find(|&&symbol| !linking.is_function(symbol))
    {
        return Err(linking.symbol_error(symbol as usize, "is a constructor, and no function"));
    }
    linking.read_relocations(module)?;
    Ok(linking)
}

impl<'a> Linking<'a> {
    fn read_subsections(&mut self, bytes: &'a [u8]) -> wasmparser::Result<()> {
        for subsection in LinkingSectionReader::new(BinaryReader::new(bytes, 0))?.subsections() {
            match subsection? {
                Subsection::SymbolTable(symbols) => {
                    for symbol in symbols {
                        self.symbols.push(Symbol::new(symbol?));
                    }
                }
                Subsection::SegmentInfo(segments) => {
                    for segment in segments {
                        self.segment_names.push(segment?.name);
                    }
                }
                Subsection::InitFuncs(functions) => {
                    for function in functions {
                        self.constructors.push(function?.symbol_index);
                    }
                }
                Subsection::ComdatInfo(_) | Subsection::Unknown { .. } => {}
            }
        }
        Ok(())
    }

    fn check_symbols(&self, module: &Module<'_>) -> Result<(), Error> {
        for (index, symbol) in self.symbols.iter().enumerate() {
            match symbol.target {
                Target::Function(function) if function >= module.function_count() => {
                    return Err(self.symbol_error(index, &format!("there is no function {function}")));
                }
                Target::Data {
                    segment,
                    offset,
                    size,
                } => {
                    let Some(data) = module.data.get(segment as usize) else {
                        return Err(self.symbol_error(index, &format!("there is no data segment {segment}")));
                    };
                    if u64::from(offset) + u64::from(size) > data.range.len() as u64 {
                        return Err(self.symbol_error(index, "ends after its data segment"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_relocations(&mut self, module: &Module<'_>) -> Result<(), Error> {
        let mut seen = [false; 2];
        for section in &module.sections {
            let Some(name) = section.name.filter(|name| name.starts_with("reloc.")) else {
                continue;
            };
            let reader = RelocSectionReader::new(BinaryReader::new(section.custom, 0))
                .map_err(Error::section(name))?;
            let applies_to = module
                .sections
                .get(reader.section_index() as usize)
                .map(|target| target.id);
            let into = match applies_to {
                Some(SECTION_CODE) => &mut self.code,
                Some(SECTION_DATA) => &mut self.data,
                // Debug sections: what they refer to need not stay.
                Some(SECTION_CUSTOM) => continue,
                _ => {
                    return Err(Error::Unsupported(format!(
                        "`{name}` applies to section {}, which is neither code nor data",
                        reader.section_index()
                    )));
                }
            };
            seen[usize::from(applies_to == Some(SECTION_DATA))] = true;
            for entry in reader.entries() {
                into.push(entry.map_err(Error::section(name))?);
            }
        }
        for (seen, id, name) in [
            (seen[0], SECTION_CODE, CODE_RELOCATIONS),
            (seen[1], SECTION_DATA, DATA_RELOCATIONS),
        ] {
            // A module without one pointer in its data has no `reloc.DATA`, but code
            // without any relocation is code whose relocations were thrown away.
            if !seen && id == SECTION_CODE && !module.bodies.is_empty() {
                return Err(Error::NoRelocations { section: name });
            }
        }
        self.code.sort_by_key(|entry| entry.offset);
        self.data.sort_by_key(|entry| entry.offset);
        Ok(())
    }

    fn is_function(&self, symbol: u32) -> bool {
        self.symbols
            .get(symbol as usize)
            .is_some_and(|symbol| matches!(symbol.target, Target::Function(_)))
    }

    pub(crate) fn symbol_error(&self, index: usize, problem: &str) -> Error {
        let name = self.symbols.get(index).map_or("", |symbol| symbol.name);
        Error::Symbol {
            index,
            name: name.to_owned(),
            problem: problem.to_owned(),
        }
    }

    /// Index of the one symbol of that name; a global one goes before local ones.
    pub(crate) fn find(&self, name: &str) -> Result<usize, Error> {
        let fail = |problem: &str| {
            Err(Error::SymbolName {
                name: name.to_owned(),
                problem: problem.to_owned(),
            })
        };
        let defined = (0..self.symbols.len()).filter(|&index| {
            let symbol = &self.symbols[index];
            symbol.name == name && symbol.target != Target::Undefined
        });
        let (local, global): (Vec<usize>, Vec<usize>) =
            defined.partition(|&index| self.symbols[index].flags.contains(SymbolFlags::BINDING_LOCAL));
        match (global.as_slice(), local.as_slice()) {
            ([one], _) | ([], [one]) => Ok(*one),
            ([], []) => fail("is not in the module's symbol table"),
            _ => fail("occurs more than once in the module's symbol table"),
        }
    }
}

impl<'a> Symbol<'a> {
    fn new(info: SymbolInfo<'a>) -> Self {
        match info {
            SymbolInfo::Func { flags, index, name } => Self {
                name: name.unwrap_or_default(),
                flags,
                target: Target::Function(index),
            },
            SymbolInfo::Data { flags, name, symbol } => {
                let target = match symbol {
                    None => Target::Undefined,
                    // The linker writes the address as the offset into segment 0.
                    Some(_) if flags.contains(SymbolFlags::ABSOLUTE) => Target::Absolute,
                    Some(data) => Target::Data {
                        segment: data.index,
                        offset: data.offset,
                        size: data.size,
                    },
                };
                Self { name, flags, target }
            }
            SymbolInfo::Global { flags, name, .. }
            | SymbolInfo::Event { flags, name, .. }
            | SymbolInfo::Table { flags, name, .. } => Self {
                name: name.unwrap_or_default(),
                flags,
                target: Target::Other,
            },
            SymbolInfo::Section { flags, .. } => Self {
                name: "",
                flags,
                target: Target::Other,
            },
        }
    }
}
