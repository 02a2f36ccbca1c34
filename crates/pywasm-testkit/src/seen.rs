//! Reads a module that a pass wrote, independently of the crate that has the pass.

use std::collections::BTreeMap;

/// What a module holds, for assertions.
#[derive(Debug, Default)]
pub struct Seen {
    /// Names of functions whose body is not `unreachable`.
    pub live: Vec<String>,
    /// Slots and function names of the table.
    pub table: BTreeMap<u32, String>,
    /// Names of the exports.
    pub exports: Vec<String>,
    /// The initial memory.
    pub memory: Vec<u8>,
    /// How many data segments there are.
    pub segments: usize,
    /// How many pages the memory starts with.
    pub pages: u64,
    /// Names of the custom sections.
    pub customs: Vec<String>,
    /// How many globals there are.
    pub globals: u32,
    /// What the data count section says.
    pub data_count: Option<u32>,
}

/// Takes a module apart.
///
/// # Panics
/// When the module is not valid: the test that asks fails then, as it should.
#[must_use]
#[allow(clippy::unwrap_used)]
pub fn see(module: &[u8]) -> Seen {
    use wasmparser::{DataKind, ElementItems, ElementKind, Operator, Parser, Payload};
    let mut seen = Seen::default();
    let mut names = BTreeMap::new();
    let (mut index, mut bodies, mut slots) = (0, Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::ImportSection(reader) => index = reader.into_imports().count() as u32,
            Payload::MemorySection(reader) => {
                seen.pages = reader.into_iter().next().unwrap().unwrap().initial;
                seen.memory = vec![0; seen.pages as usize * 65_536];
            }
            Payload::GlobalSection(reader) => seen.globals = reader.count(),
            Payload::ExportSection(reader) => {
                seen.exports = reader
                    .into_iter()
                    .map(|export| export.unwrap().name.to_owned())
                    .collect();
            }
            Payload::ElementSection(reader) => {
                for element in reader {
                    let element = element.unwrap();
                    let ElementKind::Active { offset_expr, .. } = element.kind else {
                        continue;
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read().unwrap()
                    else {
                        panic!("a constant offset")
                    };
                    let ElementItems::Functions(functions) = element.items else {
                        continue;
                    };
                    slots.extend((value as u32..).zip(functions.into_iter().map(Result::unwrap)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut operators = body.get_operators_reader().unwrap();
                if !matches!(operators.read().unwrap(), Operator::Unreachable) {
                    bodies.push(index);
                }
                index += 1;
            }
            Payload::DataCountSection { count, .. } => seen.data_count = Some(count),
            Payload::DataSection(reader) => {
                for data in reader {
                    let data = data.unwrap();
                    seen.segments += 1;
                    let DataKind::Active { offset_expr, .. } = data.kind else {
                        continue;
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read().unwrap()
                    else {
                        panic!("a constant offset")
                    };
                    let at = value as u32 as usize;
                    seen.memory[at..at + data.data.len()].copy_from_slice(data.data);
                }
            }
            Payload::CustomSection(reader) => {
                seen.customs.push(reader.name().to_owned());
                if let wasmparser::KnownCustom::Name(subsections) = reader.as_known() {
                    for subsection in subsections {
                        if let wasmparser::Name::Function(map) = subsection.unwrap() {
                            names.extend(
                                map.into_iter()
                                    .map(|n| n.unwrap())
                                    .map(|n| (n.index, n.name.to_owned())),
                            );
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let name = |index: u32| names.get(&index).cloned().unwrap_or_else(|| format!("#{index}"));
    seen.live = bodies.into_iter().map(name).collect();
    seen.table = slots
        .into_iter()
        .map(|(slot, function)| (slot, name(function)))
        .collect();
    seen
}
