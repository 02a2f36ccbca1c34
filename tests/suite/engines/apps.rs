//! Every app under the engines that are not ours, against a native Python.

use crate::{app, case::check_all, engine::Engine};

macro_rules! apps {
    ($($name:ident)*) => {
        /// The apps that have tests here.
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(mod $name {
            use super::*;

            #[test]
            fn wasmtime_python() {
                check_all(stringify!($name), Engine::WasmtimePython);
            }

            #[test]
            fn node() {
                check_all(stringify!($name), Engine::Node);
            }

            #[test]
            fn wasmi() {
                check_all(stringify!($name), Engine::Wasmi);
            }
        })*
    };
}

apps! { asyncpipe codecheck fastlog hello lazy logstats resources sqlnotes stdlibmix wordcount }

#[test]
fn no_app_is_forgotten() {
    assert_eq!(app::names(), TESTED);
}
