//! Scans the body of a function for the functions and types that its code names.
//!
//! Code is read rather than its relocations wherever it says the same: the
//! linker writes some functions itself, `__wasm_call_ctors` first of all, and
//! records no relocations for them.

use wasmparser::{FunctionBody, Operator};

use crate::Error;

/// What the code of one function refers to by index.
#[derive(Default)]
pub(crate) struct Scan {
    /// Functions it calls or takes a reference of.
    pub(crate) functions: Vec<u32>,
    /// Types it calls through the table.
    pub(crate) indirect_types: Vec<u32>,
    /// It reads or moves entries of a table, or calls references.
    pub(crate) reads_table: bool,
    /// It writes entries of a table or drops element segments.
    pub(crate) writes_table: bool,
    /// It names data segments by their index.
    pub(crate) names_data: bool,
    /// Globals it reads or writes.
    pub(crate) globals: Vec<u32>,
    /// Integer constants; addresses among them where the linker wrote the code.
    pub(crate) constants: Vec<u64>,
}

/// Reads the code of a function.
pub(crate) fn scan(body: &FunctionBody<'_>) -> Result<Scan, Error> {
    let mut scan = Scan::default();
    for operator in body.get_operators_reader().map_err(Error::Invalid)? {
        match operator.map_err(Error::Invalid)? {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => scan.functions.push(function_index),
            Operator::CallIndirect { type_index, .. } | Operator::ReturnCallIndirect { type_index, .. } => {
                scan.indirect_types.push(type_index);
            }
            Operator::TableSet { .. }
            | Operator::TableCopy { .. }
            | Operator::TableInit { .. }
            | Operator::TableFill { .. }
            | Operator::TableGrow { .. } => {
                scan.reads_table = true;
                scan.writes_table = true;
            }
            Operator::ElemDrop { .. } => scan.writes_table = true,
            Operator::TableGet { .. }
            | Operator::ArrayNewElem { .. }
            | Operator::ArrayInitElem { .. }
            | Operator::CallRef { .. }
            | Operator::ReturnCallRef { .. } => scan.reads_table = true,
            Operator::MemoryInit { .. }
            | Operator::DataDrop { .. }
            | Operator::ArrayNewData { .. }
            | Operator::ArrayInitData { .. } => scan.names_data = true,
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                scan.globals.push(global_index);
            }
            Operator::I32Const { value } => scan.constants.push(u64::from(value as u32)),
            Operator::I64Const { value } => scan.constants.push(value as u64),
            _ => {}
        }
    }
    Ok(scan)
}
