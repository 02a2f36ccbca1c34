//! Components under a host with bindings of its own.

mod random_worlds;
mod streams;
mod sync;

use std::path::Path;

use wasmtime::{Engine, component::Component};

use crate::{app::App, setup};

/// The component of a project, built as a user builds it, but quickly.
fn build(folder: &Path) -> Component {
    let app = App::in_folder(folder).otherwise(&["--profile", "dev"]);
    Component::from_file(&Engine::default(), app.dist().wasm()).expect("a component")
}

/// A component of `testdata/components`.
fn build_named(name: &str) -> Component {
    build(&setup::root().join("testdata/components").join(name))
}
