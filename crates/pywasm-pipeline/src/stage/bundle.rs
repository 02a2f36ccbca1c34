//! Puts the program into the optimized interpreter: the image is placed after the module's memory.

use pywasm_object::place;
use pywasm_report::Stage;
use pywasm_target::abi::export::IMAGE;

use super::{StageLog, image::GuestImage, optimize::OptimizedModule};
use crate::Error;

/// The module with the program inside.
pub(crate) struct BundledModule {
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn run(
    optimized: &OptimizedModule,
    image: &GuestImage,
    log: &mut StageLog<'_>,
) -> Result<BundledModule, Error> {
    let placed = log.time(Stage::Bundle, || place(&optimized.bytes, IMAGE, &image.bytes));
    let bytes = placed.map_err(Error::Place)?;
    log.add_module(Stage::Bundle, optimized.bytes.len(), &bytes, Vec::new());
    Ok(BundledModule { bytes })
}
