//! Counts how much of a module lives.

use serde::{Deserialize, Serialize};

use crate::mark::LiveSet;
use crate::parse::Module;

/// How much of a module lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShakeStats {
    /// Functions, imported ones included.
    pub functions: Share,
    /// Bytes of function bodies.
    pub code_bytes: Share,
    /// Bytes of data segments; bytes that no symbol owns count as live.
    pub data_bytes: Share,
    /// Entries of element segments.
    pub table_slots: Share,
}

/// A part and its whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// What lives.
    pub live: u64,
    /// What there was.
    pub total: u64,
}

/// Counts what lives; slots and bytes of data were counted when they were written.
pub(crate) fn stats(module: &Module<'_>, live: &LiveSet, live_slots: usize, live_data: usize) -> ShakeStats {
    let share = |live: usize, total: usize| Share {
        live: live as u64,
        total: total as u64,
    };
    let sizes = || module.bodies.iter().map(|body| body.range().len());
    let defined = live.functions.iter().skip(module.imported_functions as usize);
    let live_code = sizes()
        .zip(defined)
        .filter_map(|(size, &lives)| lives.then_some(size))
        .sum();
    ShakeStats {
        functions: share(
            live.functions.iter().filter(|&&lives| lives).count(),
            live.functions.len(),
        ),
        code_bytes: share(live_code, sizes().sum()),
        data_bytes: share(live_data, module.data.iter().map(|data| data.range.len()).sum()),
        table_slots: share(
            live_slots,
            module
                .elements
                .iter()
                .filter(|element| !element.declared)
                .map(|element| element.functions.len())
                .sum(),
        ),
    }
}
