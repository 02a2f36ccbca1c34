//! Defines what an import of a shared module is in the linked module: plain data, from `resolve` to
//! the writers of code and data.
//!
//! In: what `resolve` found. Out: plain data for those who write code and data.

/// What the imports of one module are.
pub(crate) struct Bindings {
    /// Functions of the linked module.
    pub(crate) functions: Vec<u32>,
    pub(crate) globals: Vec<ImportBinding>,
}

/// What an imported global is.
pub(crate) enum ImportBinding {
    /// `__memory_base` or `__table_base`.
    Base,
    /// A global of the base.
    Global(u32),
    /// A constant that stands for symbols.
    Address(Address),
}

/// A constant in the linked module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    pub(crate) value: u32,
    /// What of it must live where this stands.
    pub(crate) symbols: Vec<u32>,
    /// It is a table slot, and the symbols are functions.
    pub(crate) is_slot: bool,
}

/// Functions for weak imports that nothing defines, by their type.
pub(crate) type Stubs = Vec<u32>;
