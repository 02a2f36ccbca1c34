//! Every app in every mode of `preinit`, several times from one file. What the default mode gives
//! is looked at under all engines in `apps.rs`.

use crate::{
    app::{self, App},
    case::check_app,
    engine::Engine,
};

/// Without Binaryen, whose work has nothing to do with the mode.
fn every_app(mode: &str, engines: &[Engine]) {
    for name in app::names() {
        let app = App::named(&name).otherwise(&["--profile", "dev", "--preinit", mode]);
        for engine in engines {
            check_app(&app, *engine);
        }
    }
}

#[test]
fn without_a_snapshot() {
    every_app("none", &[Engine::Pywasm]);
}

#[test]
fn with_a_started_interpreter() {
    every_app("interpreter", &[Engine::Pywasm]);
}

#[test]
fn with_the_app_three_times_and_under_node() {
    let wasmtime = Engine::Pywasm;
    every_app("app", &[wasmtime, wasmtime, wasmtime, Engine::Node]);
}

/// As it is shipped: the module behind the snapshot has been through Binaryen.
#[test]
fn with_the_app_in_a_release() {
    for name in ["logstats", "asyncpipe"] {
        let app = App::named(name).otherwise(&["--preinit", "app"]);
        for engine in [Engine::Pywasm, Engine::Node, Engine::Wasmi] {
            check_app(&app, engine);
        }
    }
}
