//! Wraps the core module into a component.

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use crate::error::Error;
use crate::world::World;

/// The version of what writes components.
pub const ENCODER_VERSION: &str = "0.254.2";

/// The version of the adapter.
pub const ADAPTER_VERSION: &str = "48.0.8";

/// The version of WASI that components get through the adapter.
pub const ADAPTER_WASI: &str = "0.2.12";

/// What a component gets of WASI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wasi {
    /// WASI 0.2, by wasmtime's adapter for preview 1.
    #[default]
    Adapter,
}

impl World {
    /// Makes a component of a core module that imports preview 1 and what the world says.
    ///
    /// # Errors
    /// The module does not import and export what the world says.
    pub fn wrap(&self, core: &[u8], wasi: Wasi) -> Result<Vec<u8>, Error> {
        let mut core = core.to_vec();
        let problem = |error: anyhow::Error| Error::Wrap(format!("{error:#}"));
        embed_component_metadata(&mut core, &self.resolve, self.id, StringEncoding::UTF8).map_err(problem)?;
        let adapter = match wasi {
            Wasi::Adapter => WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
        };
        ComponentEncoder::default()
            .module(&core)
            .and_then(|encoder| encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter))
            .and_then(|encoder| encoder.validate(true).encode())
            .map_err(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_match_the_lock_file_and_the_adapter() {
        let lock = include_str!("../../../Cargo.lock");
        for (name, version) in [
            ("wit-component", ENCODER_VERSION),
            ("wasi-preview1-component-adapter-provider", ADAPTER_VERSION),
        ] {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(
                lock.contains(&entry),
                "Cargo.lock has another {name} than {version}"
            );
        }
        let imports = wasmparser::Parser::new(0).parse_all(WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER);
        let imports = imports
            .filter_map(Result::ok)
            .filter_map(|payload| match payload {
                wasmparser::Payload::ImportSection(imports) => Some(imports.into_imports()),
                _ => None,
            });
        let mut modules = imports.flatten().flatten().map(|import| import.module);
        let environment = format!("wasi:cli/environment@{ADAPTER_WASI}");
        assert!(modules.any(|module| module == environment), "no {environment}");
    }
}
