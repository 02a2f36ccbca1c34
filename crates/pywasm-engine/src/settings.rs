//! Configures wasmtime in one place, since compiling and running machine code must use the same
//! settings. `docs/internals/decisions/machine-code-settings.md` has the measurements.

use std::collections::BTreeMap;

use target_lexicon::{OperatingSystem, Triple};
use wasmtime::{Config, OptLevel, WasmBacktraceDetails};

/// The native stack for WebAssembly calls, in bytes. CPython must reach its own recursion limits
/// first, so that a Python program sees `RecursionError` and not a trap.
pub(crate) const WASM_STACK: usize = 8 << 20;

/// Up to this size, the initial memory becomes one image that is mapped copy-on-write, even if its
/// data is sparse. Copying thousands of data segments would take milliseconds.
const MEMORY_IMAGE: u64 = 64 << 20;

/// Configures wasmtime for machine code of `target`.
pub(crate) fn configure(target: &Triple) -> Config {
    let mut config = Config::new();
    config
        .max_wasm_stack(WASM_STACK)
        // It must not be smaller than the other stack; nothing runs on such stacks here.
        .async_stack_size(WASM_STACK)
        .cranelift_opt_level(OptLevel::Speed)
        .memory_init_cow(true)
        // wasmtime's limit is exclusive.
        .memory_guaranteed_dense_image_size(MEMORY_IMAGE + 1)
        .native_unwind_info(needs_unwind_info(target))
        .debug_symbols(false)
        // By default, an environment variable decides.
        .wasm_backtrace_details(WasmBacktraceDetails::Disable);
    config
}

/// Configures wasmtime like [`configure`], for code that is kept in a file.
pub(crate) fn configure_ahead_of_time(target: &Triple) -> Config {
    let mut config = configure(target);
    config.generate_address_map(false);
    config
}

/// Describes [`configure_ahead_of_time`] for the record next to the code.
pub(crate) fn describe(target: &Triple) -> BTreeMap<String, String> {
    [
        ("compiler", "cranelift".to_owned()),
        ("opt-level", "speed".to_owned()),
        ("memory-image", MEMORY_IMAGE.to_string()),
        ("address-map", false.to_string()),
        ("unwind-info", needs_unwind_info(target).to_string()),
        ("debug-symbols", false.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Whether the code needs unwind info, which is part of the ABI of Windows. Elsewhere, only debuggers
/// read it.
fn needs_unwind_info(target: &Triple) -> bool {
    target.operating_system == OperatingSystem::Windows
}
