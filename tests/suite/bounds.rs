//! The sizes that an artifact must not exceed, from `testdata/apps/bounds.toml`.

use std::{collections::BTreeMap, fs};

use serde::Deserialize;

use crate::{
    app::{self, App},
    setup,
};

/// The largest allowed files of one app, in bytes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    wasm: u64,
    br: u64,
}

#[test]
fn every_app_stays_within_its_bounds() {
    let bounds: BTreeMap<String, Bounds> =
        toml::from_str(&setup::text(&app::folder().join("bounds.toml"))).expect("bounds.toml");
    assert_eq!(
        bounds.keys().cloned().collect::<Vec<_>>(),
        app::names(),
        "bounds.toml names each app once"
    );

    let mut above = Vec::new();
    for (name, bounds) in &bounds {
        let dist = App::named(name).dist();
        for (suffix, bound) in [("wasm", bounds.wasm), ("wasm.br", bounds.br)] {
            let size = fs::metadata(dist.file(suffix))
                .expect("a build writes both files")
                .len();
            if size > bound {
                above.push(format!(
                    "{name}.{suffix}: {size} bytes, {} more than {bound}",
                    size - bound
                ));
            }
        }
    }
    assert!(above.is_empty(), "{}", above.join("\n"));
}
