//! A module and its symbol file in, the tree of its parts and who keeps them out.

use pywasm_object::{OtherKind, SymbolFile};

use crate::{
    Costs, Kind, LayoutError, Tree,
    grow::Grow,
    layout::Layout,
    retention::{NoTree, Retention, find},
    walk::{builtin_path, modules, walk},
};

/// Why a module cannot be told apart.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is no module.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The symbol file is of another module.
    #[error("the symbol file is of another module")]
    OtherModule,
    /// The symbol file is damaged.
    #[error("the symbol file is damaged")]
    Damaged(#[from] NoTree),
}

/// What a module is made of.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// All its bytes.
    pub tree: Tree,
    symbols: SymbolFile,
    retention: Option<Retention>,
}

/// One thing, for questions about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Thing {
    /// Its name.
    pub name: String,
    /// `module`, `function` or `data`.
    pub kind: &'static str,
    /// Bytes that would leave with it.
    pub retained: u64,
}

/// Why something is there.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Why {
    /// The thing, then who keeps it, then who keeps that one, up to what the program itself keeps.
    pub chain: Vec<Thing>,
    /// What it keeps at first hand, the largest first.
    pub keeps: Vec<Thing>,
}

impl Analysis {
    /// Tells who keeps what is called `name`: a module, a function or data.
    /// `None`: there is no such thing, or no symbol file to tell.
    #[must_use]
    pub fn why(&self, name: &str) -> Option<Why> {
        let retention = self.retention.as_ref()?;
        let number = find(&self.symbols, name)?;
        let thing = |number: u32| self.thing(number, retention);
        Some(Why {
            chain: retention.chain(number).into_iter().map(thing).collect(),
            keeps: retention.kept(number).into_iter().map(thing).collect(),
        })
    }

    /// Whether it is known who keeps what.
    #[must_use]
    pub fn knows_keepers(&self) -> bool {
        self.retention.is_some()
    }

    /// All names that [`Analysis::why`] knows.
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

    fn thing(&self, number: u32, retention: &Retention) -> Thing {
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
        Thing {
            name,
            kind,
            retained: retention.of(number),
        }
    }
}

/// Tells a module's bytes apart. With the symbol file of a build, by areas of the interpreter,
/// Python modules and files; without one, by sections and functions.
///
/// # Errors
/// When the bytes are no module, or the symbol file does not fit to it.
pub fn analyze(
    name: &str,
    module: &[u8],
    symbols: Option<SymbolFile>,
    costs: Option<&Costs>,
) -> Result<Analysis, Error> {
    let layout = Layout::parse(module)?;
    let symbols = match symbols {
        Some(symbols) if !fits(&layout, &symbols) => return Err(Error::OtherModule),
        symbols => symbols,
    };
    let symbols = symbols.unwrap_or_default();
    let is_whole = symbols.program.is_some();
    let (mut grow, sizes) = walk(module, &layout, &symbols, costs);
    let retention = is_whole.then(|| Retention::new(&symbols, sizes)).transpose()?;
    if retention.is_some() {
        join_builtins(&mut grow, &symbols);
    }
    let tree = grow.tree(name, Kind::Root, costs.is_some(), retention.as_ref());
    Ok(Analysis {
        tree: Tree {
            retained: None,
            ..tree
        },
        symbols,
        retention,
    })
}

fn fits(layout: &Layout, symbols: &SymbolFile) -> bool {
    let imported = layout.imported_functions as usize;
    let sizes = layout.functions.iter().map(|range| range.len() as u64);
    symbols.functions.len() == imported + layout.functions.len()
        && (symbols.functions.iter().skip(imported))
            .map(|function| function.size)
            .eq(sizes)
}

/// A builtin module is its files, and what only they need.
fn join_builtins(grow: &mut Grow, symbols: &SymbolFile) {
    let modules = modules(symbols);
    for name in symbols.builtins.keys() {
        if let Some(&number) = modules.get(name) {
            grow.at(&builtin_path(name)).join(number);
        }
    }
}
