//! Analyzes a module or a component and its symbol file: divides its bytes into a tree of parts, and finds
//! what keeps each part. The parts of a component are those of the program's module inside of it, and
//! `component` with everything around that.

use std::ops::Range;

use pywasm_object::{OtherKind, SymbolFile};

use crate::{
    BrotliCosts, Kind, LayoutError, Tree,
    component::{CoreModule, core_modules},
    layout::Layout,
    retention::{InvalidDominators, Retention, find},
    tree_builder::{TreeBuilder, part},
    walk::{builtin_path, modules, walk},
};

/// Why a module cannot be analyzed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not a module.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The symbol file belongs to another module.
    #[error("the symbol file belongs to another module")]
    OtherModule,
    /// The symbol file is damaged.
    #[error("the symbol file is damaged")]
    Damaged(#[from] InvalidDominators),
}

/// The parts of a module.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The tree of all bytes.
    pub tree: Tree,
    symbols: SymbolFile,
    retention: Option<Retention>,
}

/// A module, function or data symbol, and what it keeps.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// `module`, `function` or `data`.
    pub kind: &'static str,
    /// The bytes that would disappear with it.
    pub retained: u64,
}

/// Explains why an item is in the artifact.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Explanation {
    /// The item, its keeper, the keeper of that one, and so on up to an item that the program itself
    /// keeps.
    pub chain: Vec<Item>,
    /// The items that it keeps directly, the largest first.
    pub keeps: Vec<Item>,
}

impl Analysis {
    /// Explains what keeps the module, function or data called `name`. `None` if it does not exist or
    /// there is no symbol file.
    #[must_use]
    pub fn explain(&self, name: &str) -> Option<Explanation> {
        let retention = self.retention.as_ref()?;
        let number = find(&self.symbols, name)?;
        let item = |number: u32| self.item(number, retention);
        Some(Explanation {
            chain: retention.chain(number).into_iter().map(item).collect(),
            keeps: retention.kept_by(number).into_iter().map(item).collect(),
        })
    }

    /// Whether the keepers are known.
    #[must_use]
    pub fn knows_keepers(&self) -> bool {
        self.retention.is_some()
    }

    /// Lists all names that [`Analysis::explain`] knows.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let functions = self
            .symbols
            .functions
            .iter()
            .filter_map(|function| function.name.as_deref());
        let data = self
            .symbols
            .symbols
            .iter()
            .filter_map(|symbol| symbol.name.as_deref());
        let others = self.symbols.others.iter().map(|other| other.name.as_str());
        others.chain(functions).chain(data)
    }

    fn item(&self, number: u32, retention: &Retention) -> Item {
        let symbols = &self.symbols;
        let index = number as usize;
        let data = index.wrapping_sub(symbols.functions.len());
        let other = data.wrapping_sub(symbols.symbols.len());
        let (name, kind) = if let Some(function) = symbols.functions.get(index) {
            let name = function.name.clone();
            (
                name.unwrap_or_else(|| format!("function {}", function.index)),
                "function",
            )
        } else if let Some(symbol) = symbols.symbols.get(data) {
            let name = symbol.name.clone();
            (
                name.unwrap_or_else(|| format!("text at {:#x}", symbol.address)),
                "data",
            )
        } else {
            let other = symbols.others.get(other).cloned().unwrap_or_default();
            let kind = match other.kind {
                OtherKind::Module => "module",
                OtherKind::Function => "function",
                OtherKind::Data | OtherKind::Unknown => "data",
            };
            (other.name, kind)
        };
        Item {
            name,
            kind,
            retained: retention.bytes_of(number),
        }
    }
}

/// Divides a module into parts: with the symbol file of a build into areas of the interpreter,
/// Python modules and files, and without one into sections and functions.
///
/// # Errors
/// When the bytes are not a module, or the symbol file does not match it.
pub fn analyze(
    name: &str,
    module: &[u8],
    symbols: Option<SymbolFile>,
    costs: Option<&BrotliCosts>,
) -> Result<Analysis, Error> {
    let whole = 0..module.len();
    let (program, layout, others) = match core_modules(module)? {
        None => (whole, Layout::parse(module)?, Vec::new()),
        Some(modules) => choose(module, modules, symbols.as_ref())?,
    };
    let symbols = match symbols {
        Some(symbols) if !is_match(&layout, &symbols) => return Err(Error::OtherModule),
        symbols => symbols,
    };
    let symbols = symbols.unwrap_or_default();
    let is_whole = symbols.program.is_some();
    let (mut builder, sizes) = walk(module, program.clone(), &layout, &symbols, costs);
    claim_around(&mut builder, module.len(), program, others, costs);
    let retention = is_whole.then(|| Retention::new(&symbols, sizes)).transpose()?;
    if retention.is_some() {
        join_builtins(&mut builder, &symbols);
    }
    let tree = builder.build(name, Kind::Root, costs.is_some(), retention.as_ref());
    Ok(Analysis {
        tree: Tree {
            retained: None,
            ..tree
        },
        symbols,
        retention,
    })
}

/// Chooses the program among a component's modules: the one of the symbol file, else the largest.
fn choose(
    component: &[u8],
    mut modules: Vec<CoreModule>,
    symbols: Option<&SymbolFile>,
) -> Result<(Range<usize>, Layout, Vec<CoreModule>), LayoutError> {
    let layouts = modules
        .iter()
        .map(|module| Layout::parse(component.get(module.range.clone()).unwrap_or_default()));
    let mut layouts: Vec<Layout> = layouts.collect::<Result<_, _>>()?;
    let of_symbols = symbols.and_then(|symbols| layouts.iter().position(|layout| is_match(layout, symbols)));
    let largest = || (0..modules.len()).max_by_key(|&index| modules[index].range.len());
    let Some(index) = of_symbols.or_else(largest) else {
        return Ok((0..0, Layout::default(), Vec::new()));
    };
    let program = modules.remove(index);
    Ok((program.range, layouts.swap_remove(index), modules))
}

/// Claims what is in a component around the program.
fn claim_around(
    builder: &mut TreeBuilder,
    length: usize,
    program: Range<usize>,
    others: Vec<CoreModule>,
    costs: Option<&BrotliCosts>,
) {
    let mut claim = |name: &str, kind, range: Range<usize>| {
        let brotli = costs.map_or(0, |costs| costs.range(range.start, range.end));
        if !range.is_empty() {
            let path = [part("component", Kind::Format), part(name, kind)];
            builder.child(&path).claim(range.len() as u64, brotli, None);
        }
    };
    let mut at = 0;
    let mut inside: Vec<Range<usize>> = others.iter().map(|module| module.range.clone()).collect();
    inside.push(program);
    inside.sort_by_key(|range| range.start);
    for range in inside {
        claim("types and connections", Kind::Format, at..range.start);
        at = range.end;
    }
    claim("types and connections", Kind::Format, at..length);
    for module in others {
        claim(&module.name, Kind::Section, module.range);
    }
}

fn is_match(layout: &Layout, symbols: &SymbolFile) -> bool {
    let imported = layout.imported_functions as usize;
    let sizes = layout.functions.iter().map(|range| range.len() as u64);
    symbols.functions.len() == imported + layout.functions.len()
        && (symbols.functions.iter().skip(imported))
            .map(|function| function.size)
            .eq(sizes)
}

/// Adds each builtin module to the node of its files, so that the node retains what only they need.
fn join_builtins(builder: &mut TreeBuilder, symbols: &SymbolFile) {
    let modules = modules(symbols);
    for name in symbols.builtins.keys() {
        if let Some(&number) = modules.get(name) {
            builder.child(&builtin_path(name)).join(number);
        }
    }
}
