//! Every app as `pywasm run` starts it, against a native Python.

use crate::{app, case::check_all, engine::Engine};

macro_rules! apps {
    ($($name:ident)*) => {
        /// The apps that have tests here.
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(mod $name {
            use super::*;

            #[test]
            fn pywasm_run() {
                check_all(stringify!($name), Engine::Pywasm);
            }

            #[test]
            fn ahead_of_time() {
                check_all(stringify!($name), Engine::PywasmAot);
            }
        })*
    };
}

apps! { asyncpipe codecheck fastlog hello lazy logstats resources sqlnotes stdlibmix wordcount }

#[test]
fn brotli_runs_too() {
    check_all("hello", Engine::PywasmBrotli);
}

#[test]
fn no_app_is_forgotten() {
    assert_eq!(app::names(), TESTED);
}
