//! Reads the names of what a component imports and exports out of its bytes.

use wasmparser::{BinaryReaderError, ComponentExternalKind, ComponentTypeRef, Encoding, Parser, Payload};

/// What a component asks of its host, and what it offers: interfaces and functions by their names, as
/// `wasi:cli/stdin@0.2.12`, in the order of the component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interfaces {
    /// What the component imports.
    pub imports: Vec<String>,
    /// What it exports.
    pub exports: Vec<String>,
}

impl Interfaces {
    /// Reads them; `None` for a core module.
    ///
    /// # Errors
    /// When the bytes are not WebAssembly.
    pub fn read(wasm: &[u8]) -> Result<Option<Self>, BinaryReaderError> {
        let mut found = Self::default();
        // Modules and components inside have sections of their own.
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::Version { encoding, .. } => {
                    if depth == 0 && encoding == Encoding::Module {
                        return Ok(None);
                    }
                    depth += 1;
                }
                Payload::End(_) => depth -= 1,
                Payload::ComponentImportSection(imports) if depth == 1 => {
                    for import in imports {
                        let import = import?;
                        if matches!(
                            import.ty,
                            ComponentTypeRef::Instance(_) | ComponentTypeRef::Func(_)
                        ) {
                            found.imports.push(import.name.name.to_owned());
                        }
                    }
                }
                Payload::ComponentExportSection(exports) if depth == 1 => {
                    for export in exports {
                        let export = export?;
                        let kind = export.kind;
                        if matches!(
                            kind,
                            ComponentExternalKind::Instance | ComponentExternalKind::Func
                        ) {
                            found.exports.push(export.name.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(Some(found))
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        Component, ComponentExportKind, ComponentExportSection, ComponentImportSection, ComponentTypeSection,
        InstanceType,
    };

    use super::*;

    #[test]
    fn a_component_has_names_and_a_module_has_none() {
        let mut types = ComponentTypeSection::new();
        types.instance(&InstanceType::new());
        let mut imports = ComponentImportSection::new();
        imports.import("a:b/c@1.0.0", wasm_encoder::ComponentTypeRef::Instance(0));
        let mut exports = ComponentExportSection::new();
        exports.export("d:e/f@2.0.0", ComponentExportKind::Instance, 0, None);
        let mut component = Component::new();
        component.section(&types).section(&imports).section(&exports);
        let found = Interfaces::read(&component.finish()).expect("a component");
        let expected = Interfaces {
            imports: vec!["a:b/c@1.0.0".to_owned()],
            exports: vec!["d:e/f@2.0.0".to_owned()],
        };
        assert_eq!(found, Some(expected));
        assert_eq!(Interfaces::read(b"\0asm\x01\0\0\0").expect("a module"), None);
        assert!(Interfaces::read(b"text").is_err());
    }
}
