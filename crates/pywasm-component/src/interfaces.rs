//! Which interfaces a world has, and how their Python modules are called.

use std::collections::BTreeMap;

use wit_parser::{InterfaceId, Resolve, WorldId, WorldItem, WorldKey};

use crate::names::{camel, snake};

/// Whether the program calls an interface or is called through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Import,
    Export,
}

impl Direction {
    fn folder(self) -> &'static str {
        match self {
            Self::Import => "imports",
            Self::Export => "exports",
        }
    }
}

/// An interface of the world.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) id: InterfaceId,
    pub(crate) direction: Direction,
    /// Its key among the world's items.
    pub(crate) key: WorldKey,
    /// The name in the component: `wasi:http/types@0.2.0`.
    pub(crate) full_name: String,
    /// The name of its module, before it is written as Python does: `types`, or longer where that is not enough.
    short_name: String,
}

impl Interface {
    /// `kv`
    pub(crate) fn module_name(&self) -> String {
        snake(&self.short_name)
    }

    /// `wit_world.imports.kv`
    pub(crate) fn module(&self) -> String {
        format!("wit_world.{}.{}", self.direction.folder(), self.module_name())
    }

    /// `wit_world/imports/kv.py`
    pub(crate) fn file(&self) -> String {
        self.module().replace('.', "/") + ".py"
    }

    /// The class that implements an exported interface.
    pub(crate) fn protocol(&self) -> String {
        camel(&self.short_name)
    }
}

/// The interfaces of a world, imported ones first.
pub(crate) fn interfaces(resolve: &Resolve, world: WorldId) -> Vec<Interface> {
    let world = &resolve.worlds[world];
    let sides = [
        (Direction::Import, &world.imports),
        (Direction::Export, &world.exports),
    ];
    let mut all = Vec::new();
    for (direction, items) in sides {
        let found: Vec<(&WorldKey, InterfaceId)> = items
            .iter()
            .filter_map(|(key, item)| match item {
                WorldItem::Interface { id, .. } => Some((key, *id)),
                _ => None,
            })
            .collect();
        let short_names = short_names(resolve, &found);
        all.extend(
            found
                .into_iter()
                .zip(short_names)
                .map(|((key, id), short_name)| Interface {
                    id,
                    direction,
                    full_name: resolve.name_world_key(key),
                    key: key.clone(),
                    short_name,
                }),
        );
    }
    all
}

/// The interface's name; the package before it where two packages have one of that name, and the version
/// behind that where a package is there in several.
fn short_names(resolve: &Resolve, found: &[(&WorldKey, InterfaceId)]) -> Vec<String> {
    struct Parts {
        name: String,
        package: Option<(String, Option<String>)>,
    }
    let parts = |&(key, id): &(&WorldKey, InterfaceId)| {
        let interface = &resolve.interfaces[id];
        match (key, &interface.name, interface.package) {
            (WorldKey::Interface(_), Some(name), Some(package)) => {
                let package = &resolve.packages[package].name;
                let version = package.version.as_ref().map(ToString::to_string);
                Parts {
                    name: name.clone(),
                    package: Some((format!("{}-{}", package.namespace, package.name), version)),
                }
            }
            _ => Parts {
                name: resolve.name_world_key(key),
                package: None,
            },
        }
    };
    let all: Vec<Parts> = found.iter().map(parts).collect();
    let mut packages: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    for parts in &all {
        let package = parts.package.as_ref().map_or("", |(package, _)| package);
        *packages
            .entry(&parts.name)
            .or_default()
            .entry(package)
            .or_default() += 1;
    }
    all.iter()
        .map(|parts| {
            let same_name = &packages[parts.name.as_str()];
            match &parts.package {
                None => parts.name.clone(),
                Some((package, version)) if same_name[package.as_str()] > 1 => {
                    let version = version.as_deref().unwrap_or_default().replace('.', "-");
                    format!("{package}-{}-{version}", parts.name)
                }
                Some((package, _)) if same_name.len() > 1 => format!("{package}-{}", parts.name),
                Some(_) => parts.name.clone(),
            }
        })
        .collect()
}
