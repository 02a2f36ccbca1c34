//! Finds what lives in a linked module after a snapshot of its memory, given what lives in a whole
//! run.
//!
//! The snapshot is taken when an exported function has returned and `entry` has
//! not been called. Both modules have the same addresses and table slots, and
//! `state.rs` makes sure that the memory is all that differs by then. So code
//! runs after the snapshot for one of these reasons only:
//!
//! - The host calls it: an export that neither list of the plan drops. Exports
//!   that are only called before are not roots, which is the point of all this.
//! - Running code calls it by its index, which is an edge of the graph.
//! - Running code calls it through the table, with its type, by an index that
//!   it computes (an edge) or finds in memory. The first part of the run may
//!   have left the index of each function whose address its code or data takes
//!   anywhere in memory, so all of those count as taken here. An index that was
//!   never taken cannot be found, and a type that nothing calls here needs no
//!   slot.
//! - It is a start function or stands in a reference that is part of the module.
//!   These stay roots.
//!
//! Constructors and `__wasm_call_ctors` are not roots: they have run, once, and
//! what they did is in memory. Symbols that the compiler was instructed to keep
//! (NO_STRIP) are not roots if they are functions: such a function is there for
//! the host, and then it is exported, or for code, and then there is an edge.
//! Symbols that the plan keeps by name stay roots, because it says so.
//!
//! Data is replaced by the snapshot, so all of it stays here as it was before.
//! What of it running code can still reach is found by a third mark, from the
//! code that lives here; from data the compiler was instructed to keep, to be on the
//! safe side; and from what is exported. Data outside that can be reached by
//! an address in memory alone, and is listed as unneeded: `snapshot` looks for
//! such addresses. A C program has no other way to a symbol's bytes, since
//! arithmetic never leads from one object into another.

use std::ops::Range;

use crate::graph::Node;
use crate::mark::{LinkedModule, LiveSet, mark};
use crate::roots::{Roots, lasting_roots, no_strip};
use crate::state::check_state;
use crate::{Error, ShakePlan, SnapshotPlan};

/// What lives after the snapshot, and the addresses of data that `before` keeps and that nothing
/// here refers to. `rest` is what of `before` lives without what the symbols lead to that the snapshot
/// empties: their users know that there may be nothing, so nothing else may hold those functions.
pub(crate) fn live_after_snapshot(
    linked: LinkedModule<'_, '_>,
    plan: &ShakePlan,
    snapshot: &SnapshotPlan,
    before: &LiveSet,
    rest: &LiveSet,
) -> Result<(LiveSet, Vec<Range<u32>>), Error> {
    check_state(linked.module, |function| before.functions[function as usize])?;
    let roots = || {
        let is_dropped = |name: &str| plan.drop_exports.contains(name) || snapshot.only_before.contains(name);
        lasting_roots(linked.module, linked.linking, linked.graph, plan, is_dropped)
    };
    let mut running = roots()?;
    add(&mut running, &rest.taken, Node::Address);
    add(&mut running, &rest.ranges, Node::Data);
    add(&mut running, &rest.segments, Node::Segment);
    let live = mark(linked, running)?;

    let mut referring = roots()?;
    add(&mut referring, &live.functions, Node::Function);
    let data = no_strip(linked.linking, linked.graph).filter(|node| !matches!(node, Node::Function(_)));
    referring.nodes.extend(data);
    let needed = mark(linked, referring)?;
    let unneeded = unneeded(linked, before, &needed);
    Ok((live, unneeded))
}

fn add(roots: &mut Roots, lives: &[bool], node: fn(u32) -> Node) {
    let indices = (0..).zip(lives).filter(|(_, lives)| **lives);
    roots.nodes.extend(indices.map(|(index, _)| node(index)));
}

/// Ranges that live in `before` and not in `needed`. Ranges that share bytes are one.
fn unneeded(linked: LinkedModule<'_, '_>, before: &LiveSet, needed: &LiveSet) -> Vec<Range<u32>> {
    let mut unneeded = Vec::new();
    for (segment, data) in linked.module.data.iter().enumerate() {
        let start = data.address.and_then(|address| u32::try_from(address).ok());
        let Some(start) = start.filter(|_| !before.segments[segment]) else {
            continue;
        };
        let mut groups: Vec<(Range<u32>, bool)> = Vec::new();
        for index in linked.graph.segment_ranges(segment as u32) {
            if !before.ranges[index] {
                continue;
            }
            let range = linked.graph.ranges[index];
            match groups.last_mut() {
                Some((last, is_needed)) if range.start < last.end => {
                    last.end = last.end.max(range.end);
                    *is_needed |= needed.ranges[index];
                }
                _ => groups.push((range.start..range.end, needed.ranges[index])),
            }
        }
        unneeded.extend(groups.into_iter().filter(|(_, is_needed)| !is_needed).filter_map(
            // Data at the end of the address space cannot be there in a running program.
            |(range, _)| Some(start.checked_add(range.start)?..start.checked_add(range.end)?),
        ));
    }
    unneeded.sort_unstable_by_key(|range| range.start);
    unneeded
}
