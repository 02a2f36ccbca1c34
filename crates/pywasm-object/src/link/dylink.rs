//! Reads a module's `dylink.0` section, imports and function types, as far as linking needs them.

use std::collections::BTreeSet;

use wasmparser::{
    BinaryReader, CompositeInnerType, Dylink0SectionReader, Dylink0Subsection, FuncType, MemInfo,
    SymbolFlags, TypeSectionReader, ValType,
};

use crate::link::value::Value;
use crate::parse::Module;

pub(crate) const SECTION_TYPE: u8 = 1;

/// An imported function or global.
pub(crate) struct Import<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    /// Null or a trap will do.
    pub(crate) weak: bool,
}

impl Import<'_> {
    /// The value of `__memory_base` and `__table_base`.
    pub(crate) fn base(&self) -> Option<Value> {
        match (self.module, self.name) {
            ("env", "__memory_base") => Some(Value::Memory(0)),
            ("env", "__table_base") => Some(Value::Table(0)),
            _ => None,
        }
    }
}

/// The function types of a module, by type index; none for types of another kind.
pub(crate) fn function_types(module: &Module<'_>) -> wasmparser::Result<Vec<Option<FuncType>>> {
    let mut types = Vec::new();
    if let Some(reader) = reader(module, SECTION_TYPE) {
        for group in TypeSectionReader::new(reader)? {
            for ty in group?.into_types() {
                types.push(match ty.composite_type.inner {
                    // Type indices in it would be those of another module.
                    CompositeInnerType::Func(ty) if ty.params().iter().chain(ty.results()).all(is_plain) => {
                        Some(ty)
                    }
                    _ => None,
                });
            }
        }
    }
    Ok(types)
}

fn is_plain(ty: &ValType) -> bool {
    !matches!(ty, ValType::Ref(reference) if reference.is_concrete_type_ref())
}

pub(crate) fn reader<'a>(module: &Module<'a>, id: u8) -> Option<BinaryReader<'a>> {
    let range = module.section(id)?.range.clone();
    Some(BinaryReader::new(&module.bytes[range.clone()], range.start))
}

/// What a module asks for, and which of its imports are weak.
///
/// The libraries that it names are not looked at: what a module needs of them, it imports.
pub(crate) fn dylink_info(section: &[u8]) -> wasmparser::Result<(MemInfo, BTreeSet<(&str, &str)>)> {
    let mut needs = MemInfo {
        memory_size: 0,
        memory_alignment: 0,
        table_size: 0,
        table_alignment: 0,
    };
    let mut weak = BTreeSet::new();
    for subsection in Dylink0SectionReader::new(BinaryReader::new(section, 0)) {
        match subsection? {
            Dylink0Subsection::MemInfo(info) => needs = info,
            Dylink0Subsection::ImportInfo(imports) => {
                let imports = imports.iter();
                let is_weak = |flags: SymbolFlags| flags.contains(SymbolFlags::BINDING_WEAK);
                weak.extend(
                    imports
                        .filter(|import| is_weak(import.flags))
                        .map(|import| (import.module, import.field)),
                );
            }
            _ => {}
        }
    }
    Ok((needs, weak))
}
