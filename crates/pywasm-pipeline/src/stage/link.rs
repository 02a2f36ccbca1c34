//! Links the C modules that the program imports into the base. Without such a module, the base is
//! what is linked, and there is no row.

use std::{borrow::Cow, collections::BTreeMap, fs, path::PathBuf};

use pywasm_base::Base;
use pywasm_digest::Digest;
use pywasm_object::{InitTable, LinkPlan, link};
use pywasm_report::Stage;
use pywasm_target::abi::symbol;

use super::{StageLog, extensions::SideModules};
use crate::{Error, cache_key, context::Context};

/// The base with the C modules in it, or the base itself.
pub(crate) struct LinkedBase<'a> {
    base: &'a Base,
    /// The base with the extension modules in it.
    module: Option<Vec<u8>>,
    digest: String,
    /// The project's C files and headers that were compiled in, and their digests then.
    pub(crate) files: BTreeMap<String, Digest>,
}

impl<'a> LinkedBase<'a> {
    /// The base alone.
    fn base(base: &'a Base) -> Self {
        Self {
            base,
            module: None,
            digest: base.id().to_owned(),
            files: BTreeMap::new(),
        }
    }

    /// What tells it from all others, for the keys of caches.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// The base's optimized form, where there is one and it has all that is linked.
    pub(crate) fn optimized(&self) -> Option<PathBuf> {
        self.base.optimized().filter(|_| self.module.is_none())
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> Result<usize, Error> {
        let path = self.base.wasm();
        match &self.module {
            Some(module) => Ok(module.len()),
            None => fs::metadata(&path)
                .map(|data| usize::try_from(data.len()).unwrap_or(usize::MAX))
                .map_err(|error| Error::io("read", &path, error)),
        }
    }

    /// Its bytes.
    pub(crate) fn read(&self) -> Result<Cow<'_, [u8]>, Error> {
        let path = self.base.wasm();
        match &self.module {
            Some(module) => Ok(Cow::Borrowed(module)),
            None => fs::read(&path)
                .map(Cow::Owned)
                .map_err(|error| Error::io("read", &path, error)),
        }
    }
}

pub(crate) fn run<'a>(
    context: &Context<'a>,
    sides: SideModules,
    log: &mut StageLog<'_>,
) -> Result<LinkedBase<'a>, Error> {
    let base = LinkedBase::base(context.base);
    if sides.modules.is_empty() {
        return Ok(base);
    }
    let before = base.len()?;
    let linked = log.time(Stage::Link, || link_cached(context, sides, base))?;
    log.add_module(Stage::Link, before, &linked.read()?, Vec::new());
    Ok(linked)
}

fn link_cached<'a>(
    context: &Context<'a>,
    sides: SideModules,
    base: LinkedBase<'a>,
) -> Result<LinkedBase<'a>, Error> {
    let plan = LinkPlan {
        modules: sides.modules,
        lists: vec![InitTable {
            symbol: symbol::EXTENSIONS.to_owned(),
            records: sides.entries,
        }],
        exports: sides.exports,
    };
    let key = cache_key::link(context.base, &plan);
    let make = || link(&base.read()?, &plan).map_err(Error::Link);
    let module: Vec<u8> = context.tools.cache.get_or(key, make)?;
    Ok(LinkedBase {
        digest: Digest::compute(&module).to_string(),
        module: Some(module),
        files: sides.files,
        ..base
    })
}
