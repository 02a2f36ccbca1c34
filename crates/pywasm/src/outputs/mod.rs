//! Finds again what a build wrote: its report, its module with the symbol file, and all that two
//! builds can be compared by.

mod clean;
mod error;
mod module;
mod program;
mod publish;
mod report;
mod side;
mod start;

pub use clean::check_is_ours;
pub use error::Error;
pub use module::{BrotliSource, ModuleSizes, OpenedModule, open_module};
pub use program::read_program;
pub use publish::{read_module, report_of};
pub use report::{find_module, find_report, module_of, read_report, report_path};
pub use side::read_side;
pub use start::{StartEnd, StartTime, measure_start};
