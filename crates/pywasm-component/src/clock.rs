//! The clock that the loop of an async component waits by.
//!
//! asyncio's timers need `wait-for` of WASI 0.3. A world that does not import it gets it, if the program uses asyncio;
//! the bindings do not show it.

use wit_parser::{Docs, InterfaceId, Resolve, Span, Stability, WorldId, WorldItem, WorldKey};

use crate::error::Error;

/// The interface; its versions of WASI 0.3 are alike.
const INTERFACE: &str = "monotonic-clock";
const FUNCTION: &str = "wait-for";
const PREFIX: &str = "wasi:clocks/monotonic-clock@0.3.";

/// What of it is needed, for worlds whose WIT does not have the package.
const WIT: &str = "package wasi:clocks@0.3.0;
interface monotonic-clock { wait-for: async func(how-long: u64); }
";

/// Whether an imported function, of an interface by its full name, is the one that waits.
pub(crate) fn is_wait(interface: Option<&str>, function: &str) -> bool {
    function == FUNCTION && interface.is_some_and(is_clock)
}

/// Whether an interface, by its full name, has the clock.
pub(crate) fn is_clock(full_name: &str) -> bool {
    full_name.starts_with(PREFIX)
}

/// Lets the world import the clock.
pub(crate) fn add(resolve: &mut Resolve, world: WorldId) -> Result<(), Error> {
    let clock = match find(resolve) {
        Some(clock) => clock,
        None => {
            resolve
                .push_source("clock.wit", WIT)
                .map_err(|problem| Error::Merge(format!("{problem:#}")))?;
            // It has just been added.
            find(resolve).ok_or_else(|| Error::Merge("the clock is not there".to_owned()))?
        }
    };
    // What it uses stands before it.
    let needed: Vec<InterfaceId> = resolve.interface_direct_deps(clock).chain([clock]).collect();
    for id in needed {
        let item = WorldItem::Interface {
            id,
            stability: Stability::Unknown,
            external_id: None,
            docs: Docs::default(),
            span: Span::default(),
        };
        resolve.worlds[world]
            .imports
            .entry(WorldKey::Interface(id))
            .or_insert(item);
    }
    Ok(())
}

fn find(resolve: &Resolve) -> Option<InterfaceId> {
    let interfaces = resolve
        .packages
        .iter()
        .filter_map(|(_, package)| package.interfaces.get(INTERFACE));
    let mut clocks = interfaces.filter(|id| resolve.id_of(**id).is_some_and(|name| is_clock(&name)));
    clocks.next().copied()
}
