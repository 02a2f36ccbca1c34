//! The module between the canonical ABI and the base's glue.

use wit_dylib::Metadata;

use crate::world::World;

/// What wit-dylib writes for a world.
pub struct WorldModule {
    /// A shared module, to link into a base beside its glue.
    pub wasm: Vec<u8>,
    /// The functions that the linked module must export for the component, besides `cabi_realloc`.
    pub exports: Vec<String>,
    pub(crate) metadata: Metadata,
}

impl World {
    /// Makes the world's module.
    #[must_use]
    pub fn side_module(&self) -> WorldModule {
        let (wasm, metadata) = wit_dylib::create_with_metadata(&self.resolve, self.id, None);
        let exports = exported_functions(&wasm);
        WorldModule {
            wasm,
            exports,
            metadata,
        }
    }
}

/// What the module exports for the component, and not for a dynamic linker.
fn exported_functions(wasm: &[u8]) -> Vec<String> {
    let sections = wasmparser::Parser::new(0).parse_all(wasm).filter_map(Result::ok);
    let exports = sections.filter_map(|section| match section {
        wasmparser::Payload::ExportSection(exports) => Some(exports),
        _ => None,
    });
    let names = exports
        .flatten()
        .filter_map(Result::ok)
        .map(|export| export.name.to_owned());
    names
        .filter(|name| !name.starts_with("__wasm_") && name != "cabi_realloc")
        .collect()
}
