//! Locates the sections, functions and data segments of a module in its file. All other bytes belong
//! to the section itself.

use std::{collections::BTreeMap, ops::Range};

use wasmparser::{BinaryReader, DataKind, Name, NameSectionReader, Operator, Parser, Payload};

/// Why a file cannot be analyzed.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// The file is not WebAssembly.
    #[error("the file is not a WebAssembly module")]
    NotWasm(#[source] wasmparser::BinaryReaderError),
    /// The file starts as a module and is then damaged.
    #[error("the file is a damaged WebAssembly module")]
    Malformed(#[from] wasmparser::BinaryReaderError),
}

/// The positions of a module's parts in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) sections: Vec<Section>,
    /// The bodies of the functions that the module defines.
    pub(crate) functions: Vec<Range<usize>>,
    pub(crate) imported_functions: u32,
    /// Names of functions, by index.
    pub(crate) names: BTreeMap<u32, String>,
    pub(crate) data: Vec<Segment>,
    /// The initial size of the memory in pages.
    pub(crate) pages: u64,
}

/// A section, including its header.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
}

/// The contents of a data segment.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) address: Option<u64>,
    pub(crate) range: Range<usize>,
}

impl Layout {
    /// Locates the parts of a module without reading its code.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, LayoutError> {
        let mut layout = Self::default();
        let mut end = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(|error| match end {
                0 => LayoutError::NotWasm(error),
                _ => LayoutError::Malformed(error),
            })?;
            if let Payload::Version { range, .. } = &payload {
                layout.section("header", end..range.end, &mut end);
            } else if let Some((id, range)) = payload.as_section() {
                let custom = match &payload {
                    Payload::CustomSection(reader) => Some(reader.name()),
                    _ => None,
                };
                layout.section(&section_name(id, custom), end..range.end, &mut end);
            }
            layout.add(payload)?;
        }
        Ok(layout)
    }

    /// Adds a section that starts where the last one ended, so that no byte is outside of a section.
    fn section(&mut self, name: &str, range: Range<usize>, end: &mut usize) {
        *end = range.end;
        self.sections.push(Section {
            name: name.to_owned(),
            range,
        });
    }

    fn add(&mut self, payload: Payload<'_>) -> Result<(), LayoutError> {
        match payload {
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    if matches!(
                        import?.ty,
                        wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_)
                    ) {
                        self.imported_functions += 1;
                    }
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader {
                    self.pages = self.pages.max(memory?.initial);
                }
            }
            Payload::CodeSectionEntry(body) => self.functions.push(body.range()),
            Payload::DataSection(reader) => {
                for data in reader {
                    let data = data?;
                    let address = match data.kind {
                        DataKind::Active {
                            memory_index: 0,
                            offset_expr,
                        } => match offset_expr.get_operators_reader().read()? {
                            Operator::I32Const { value } => Some(u64::from(value as u32)),
                            Operator::I64Const { value } => Some(value as u64),
                            _ => None,
                        },
                        _ => None,
                    };
                    self.data.push(Segment {
                        address,
                        range: data.range.end - data.data.len()..data.range.end,
                    });
                }
            }
            Payload::CustomSection(reader) if reader.name() == "name" => {
                let names = NameSectionReader::new(BinaryReader::new(reader.data(), 0));
                for subsection in names.flatten() {
                    if let Name::Function(functions) = subsection {
                        let named = functions.into_iter().flatten();
                        self.names
                            .extend(named.map(|naming| (naming.index, naming.name.to_owned())));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn section_name(id: u8, custom: Option<&str>) -> String {
    if let Some(name) = custom {
        return format!("custom: {name}");
    }
    match id {
        1 => "types",
        2 => "imports",
        3 => "function types",
        4 => "tables",
        5 => "memory",
        6 => "globals",
        7 => "exports",
        8 => "start",
        9 => "table elements",
        10 => "code",
        11 => "data",
        12 => "data count",
        13 => "tags",
        _ => "other",
    }
    .to_owned()
}
