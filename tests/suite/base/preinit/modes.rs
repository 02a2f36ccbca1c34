//! Every app in every mode of `preinit`, several times from one file. What the default mode gives
//! is checked in `apps.rs`, and under other engines in `engines`.

use crate::{
    app::{self, App},
    case::check_app,
    engine::Engine,
};

/// Without Binaryen, whose work has nothing to do with the mode.
pub(crate) fn every_app(mode: &str, engines: &[Engine]) {
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
