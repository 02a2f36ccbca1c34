//! Finds the core modules inside of a component: the program, the adapter between it and WASI, and the
//! small ones that connect them.

use std::ops::Range;

use wasmparser::{BinaryReader, ComponentName, ComponentNameSectionReader, Parser, Payload};

use crate::LayoutError;

/// A core module inside of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CoreModule {
    /// Its name in the component, if it has one.
    pub(crate) name: String,
    /// Where it is in the file.
    pub(crate) range: Range<usize>,
}

/// Lists the core modules of a component, in its order; `None` for a file that is a core module itself.
pub(crate) fn core_modules(file: &[u8]) -> Result<Option<Vec<CoreModule>>, LayoutError> {
    if !Parser::is_component(file) {
        return Ok(None);
    }
    let mut modules: Vec<CoreModule> = Vec::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(file) {
        match payload.map_err(LayoutError::Malformed)? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ModuleSection { unchecked_range, .. } if depth == 1 => modules.push(CoreModule {
                name: format!("module {}", modules.len()),
                range: unchecked_range,
            }),
            Payload::CustomSection(section) if depth == 1 && section.name() == "component-name" => {
                let reader = BinaryReader::new(section.data(), 0);
                for names in ComponentNameSectionReader::new(reader).flatten() {
                    if let ComponentName::CoreModules(names) = names {
                        for naming in names.into_iter().flatten() {
                            if let Some(module) = modules.get_mut(naming.index as usize) {
                                naming.name.clone_into(&mut module.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(Some(modules))
}
