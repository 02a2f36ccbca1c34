//! Reads WIT and chooses the world.

use std::collections::BTreeSet;
use std::path::Path;

use wit_parser::{
    CloneMaps, InterfaceId, PackageId, Resolve, Span, Type, TypeDefKind, WorldId, WorldItem, WorldKey,
};

use crate::builtin;
use crate::clock;
use crate::error::{Error, Place};
use crate::interfaces::{Direction, Interface, interfaces};

/// A world, with all that it refers to.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) resolve: Resolve,
    pub(crate) id: WorldId,
    /// All interfaces, also those that were left out since: the others keep the names of their modules.
    named: Vec<Interface>,
}

impl World {
    /// Reads the WIT at `path`, a folder or a file, and chooses the world of that name: in the package itself, or with
    /// the package's name before it. Several worlds become one. Without a name, the only world of the package is
    /// meant. Packages of WASI that the WIT does not have come from pywasm, and a world of theirs needs no `path`; its
    /// version may be the beginning of one, as in `wasi:cli/command@0.2`.
    ///
    /// # Errors
    /// The WIT is not there or not valid, a world is not there, worlds contradict each other, or a type has no form in
    /// Python.
    pub fn load(path: Option<&Path>, names: &[String]) -> Result<Self, Error> {
        let (mut resolve, package) = read(path, names)?;
        let names: Vec<Option<&str>> = match names {
            [] => vec![None],
            names => names.iter().map(|name| Some(name.as_str())).collect(),
        };
        let mut merged: Option<WorldId> = None;
        for name in names {
            let world = select(&resolve, package, name)?;
            match merged {
                None => merged = Some(world),
                Some(into) if into == world => {}
                Some(into) => resolve
                    .merge_worlds(world, into, &mut CloneMaps::default())
                    .map_err(|problem| Error::Merge(format!("{problem:#}")))?,
            }
        }
        // There was at least one name, or the `None` in its place.
        let id = merged.expect("a world for each name");
        let named = interfaces(&resolve, id);
        let world = Self { resolve, id, named };
        world.check_types()?;
        Ok(world)
    }

    /// Whether the world has async functions, streams or futures: a host of WASI 0.3 can run it, and others cannot.
    #[must_use]
    pub fn is_async(&self) -> bool {
        let world = &self.resolve.worlds[self.id];
        let mut items = world.imports.values().chain(world.exports.values());
        if items.any(|item| {
            self.functions_of(item)
                .iter()
                .any(|function| function.kind.is_async())
        }) {
            return true;
        }
        let mut live = wit_parser::LiveTypes::default();
        live.add_world(&self.resolve, self.id);
        let is_end = |id| {
            matches!(
                self.resolve.types[id].kind,
                TypeDefKind::Future(_) | TypeDefKind::Stream(_)
            )
        };
        live.iter().any(is_end)
    }

    /// The world's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.resolve.worlds[self.id].name
    }

    /// The world's name with its package and version: `wasi:cli/command@0.2.12`.
    #[must_use]
    pub fn full_name(&self) -> String {
        let world = &self.resolve.worlds[self.id];
        match world.package {
            Some(package) => self.resolve.id_of_name(package, &world.name),
            None => world.name.clone(),
        }
    }

    /// The names of what the world imports: interfaces and functions.
    #[must_use]
    pub fn imports(&self) -> Vec<String> {
        self.names(&self.resolve.worlds[self.id].imports)
    }

    /// The names of what the world exports.
    #[must_use]
    pub fn exports(&self) -> Vec<String> {
        self.names(&self.resolve.worlds[self.id].exports)
    }

    fn names<'a>(&self, items: impl IntoIterator<Item = (&'a WorldKey, &'a WorldItem)>) -> Vec<String> {
        items
            .into_iter()
            .filter(|(_, item)| !matches!(item, WorldItem::Type { .. }))
            .map(|(key, _)| self.resolve.name_world_key(key))
            .collect()
    }

    /// Leaves out imported interfaces whose Python modules (`wit_world.imports.kv`) are not in `reached`, unless what
    /// stays needs their types.
    ///
    /// A world whose async functions use asyncio gets a clock to wait by.
    ///
    /// # Errors
    /// The clock does not fit into the world.
    pub fn prune(&mut self, reached: &BTreeSet<String>) -> Result<(), Error> {
        let mut kept: BTreeSet<InterfaceId> = BTreeSet::new();
        let mut open: Vec<InterfaceId> = Vec::new();
        for interface in self.interfaces() {
            if interface.direction == Direction::Export {
                open.extend(self.resolve.interface_direct_deps(interface.id));
            } else if reached.contains(&interface.module()) {
                open.push(interface.id);
            }
        }
        let world = &self.resolve.worlds[self.id];
        for item in world.imports.values().chain(world.exports.values()) {
            open.extend(self.item_deps(item));
        }
        while let Some(interface) = open.pop() {
            if kept.insert(interface) {
                open.extend(self.resolve.interface_direct_deps(interface));
            }
        }
        let imports = &mut self.resolve.worlds[self.id].imports;
        imports.retain(|_, item| match item {
            WorldItem::Interface { id, .. } => kept.contains(id),
            _ => true,
        });
        if reached.contains("asyncio") && self.is_async() {
            clock::add(&mut self.resolve, self.id)?;
        }
        Ok(())
    }

    /// The interfaces whose types a function or a type of the world itself uses.
    fn item_deps(&self, item: &WorldItem) -> Vec<InterfaceId> {
        match item {
            WorldItem::Interface { .. } | WorldItem::Function(_) => Vec::new(),
            // Functions of a world name foreign types by a `use`, which is a type of the world.
            WorldItem::Type { id, .. } => self.resolve.type_interface_dep(*id).into_iter().collect(),
        }
    }

    /// The interfaces of the world, imported ones first, each with its Python module's name.
    pub(crate) fn interfaces(&self) -> Vec<Interface> {
        let world = &self.resolve.worlds[self.id];
        let is_there = |interface: &&Interface| {
            let items = match interface.direction {
                Direction::Import => &world.imports,
                Direction::Export => &world.exports,
            };
            items.contains_key(&interface.key)
        };
        self.named.iter().filter(is_there).cloned().collect()
    }

    /// Types that have no form in Python are refused, with the place.
    fn check_types(&self) -> Result<(), Error> {
        let mut live = wit_parser::LiveTypes::default();
        live.add_world(&self.resolve, self.id);
        for id in live.iter() {
            let ty = &self.resolve.types[id];
            let what = match &ty.kind {
                TypeDefKind::Map(..) => "a map",
                TypeDefKind::FixedLengthList(..) => "a list of a fixed length",
                kind if has_error_context(kind) => "an error-context",
                _ => continue,
            };
            return Err(Error::Unsupported {
                what,
                place: self.place(ty.span),
            });
        }
        let world = &self.resolve.worlds[self.id];
        for item in world.imports.values().chain(world.exports.values()) {
            for function in self.functions_of(item) {
                let mut types = function
                    .params
                    .iter()
                    .map(|parameter| &parameter.ty)
                    .chain(&function.result);
                if types.any(|ty| *ty == Type::ErrorContext) {
                    return Err(Error::Unsupported {
                        what: "an error-context",
                        place: self.place(function.span),
                    });
                }
            }
        }
        Ok(())
    }

    /// A type without its aliases.
    pub(crate) fn plain(&self, ty: &Type) -> Type {
        let mut ty = *ty;
        while let Type::Id(id) = ty
            && let TypeDefKind::Type(inner) = &self.resolve.types[id].kind
        {
            ty = *inner;
        }
        ty
    }

    /// What a type is without its aliases; `None` where it is none of the WIT's own, such as a number.
    pub(crate) fn plain_kind(&self, ty: &Type) -> Option<&TypeDefKind> {
        match self.plain(ty) {
            Type::Id(id) => Some(&self.resolve.types[id].kind),
            _ => None,
        }
    }

    /// Where something stands in the WIT.
    fn place(&self, span: Span) -> Option<Place> {
        Place::parse(&self.resolve.render_location(span))
    }

    pub(crate) fn functions_of<'a>(&'a self, item: &'a WorldItem) -> Vec<&'a wit_parser::Function> {
        match item {
            WorldItem::Interface { id, .. } => self.resolve.interfaces[*id].functions.values().collect(),
            WorldItem::Function(function) => vec![function],
            WorldItem::Type { .. } => Vec::new(),
        }
    }
}

/// Whether a type has an error-context in it that no other type names.
fn has_error_context(kind: &TypeDefKind) -> bool {
    let is = |ty: &Type| *ty == Type::ErrorContext;
    match kind {
        TypeDefKind::Type(ty) | TypeDefKind::List(ty) | TypeDefKind::Option(ty) => is(ty),
        TypeDefKind::Record(record) => record.fields.iter().any(|field| is(&field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().any(is),
        TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty.as_ref()).any(is),
        TypeDefKind::Result(both) => both.ok.iter().chain(&both.err).any(is),
        TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => ty.as_ref().is_some_and(is),
        _ => false,
    }
}

/// Reads the WIT, with what it or the names need of WASI.
fn read(path: Option<&Path>, names: &[String]) -> Result<(Resolve, PackageId), Error> {
    let Some(path) = path else {
        let mut resolve = Resolve::default();
        let package = builtin::add(&mut resolve).map_err(|problem| Error::Merge(format!("{problem:#}")))?;
        return Ok((resolve, package));
    };
    let mut resolve = Resolve::default();
    let first = match resolve.push_path(path) {
        Ok((package, _)) => {
            let is_there = |name: &String| find(&resolve, package, name).is_ok();
            if !names.iter().any(|name| name.contains(':') && !is_there(name)) {
                return Ok((resolve, package));
            }
            Ok(package)
        }
        Err(problem) => Err(problem),
    };
    // Where packages stand in the WIT itself, those of pywasm would be there twice.
    let mut with_wasi = Resolve::default();
    let second = builtin::add(&mut with_wasi).and_then(|_| with_wasi.push_path(path));
    match (first, second) {
        (_, Ok((package, _))) => Ok((with_wasi, package)),
        (Ok(package), Err(_)) => Ok((resolve, package)),
        (Err(problem), Err(_)) => Err(Error::wit(path, &problem)),
    }
}

/// The world of that name, which may have the beginning of a version.
fn find(resolve: &Resolve, package: PackageId, name: &str) -> anyhow::Result<WorldId> {
    resolve.select_world(&[package], Some(name)).or_else(|problem| {
        let whole = builtin::whole_name(resolve, name).ok_or(problem)?;
        resolve.select_world(&[package], Some(&whole))
    })
}

fn select(resolve: &Resolve, package: PackageId, name: Option<&str>) -> Result<WorldId, Error> {
    let worlds = || -> Vec<String> { resolve.packages[package].worlds.keys().cloned().collect() };
    match name {
        Some(name) => find(resolve, package, name).map_err(|_| Error::NoWorld {
            name: name.to_owned(),
            worlds: match name.split_once('/') {
                None => worlds(),
                Some(_) => {
                    let all = resolve.worlds.iter();
                    let named =
                        all.filter_map(|(_, world)| Some(resolve.id_of_name(world.package?, &world.name)));
                    named.collect()
                }
            },
        }),
        None => resolve
            .select_world(&[package], None)
            .map_err(|_| Error::Which { worlds: worlds() }),
    }
}
