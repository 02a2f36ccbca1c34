//! Writes the graph as text, JSON and DOT, for `pywasm graph`: sorted, and without paths of the host.

use std::fmt::Write as _;

use serde::Serialize;

use crate::graph::{Edge, EdgeKind, EntryPoint, Importer, ModuleGraph, UnresolvedImport};
use crate::request::Origin;

/// The version of the JSON form.
pub const GRAPH_SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Json<'g> {
    schema: u32,
    entry: &'g EntryPoint,
    needs_site: bool,
    needs_compiler: bool,
    roots: &'g [Edge],
    modules: Vec<JsonModule<'g>>,
    missing: &'g [UnresolvedImport],
}

#[derive(Serialize)]
struct JsonModule<'g> {
    name: &'g str,
    kind: &'static str,
    origin: Origin,
    #[serde(skip_serializing_if = "str::is_empty")]
    file: &'g str,
    size: u64,
    imports: &'g [Edge],
}

impl ModuleGraph {
    /// One paragraph a module: what it is, then one line for each import.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for edge in &self.roots {
            line(
                &mut text,
                format_args!("* -> {} ({})", edge.target, edge.kind.as_str()),
            );
        }
        for module in self.modules.values() {
            let (kind, origin) = (module.kind.as_str(), module.origin.as_str());
            let size = match self.size(&module.name) {
                0 => String::new(),
                size => format!(", {size} bytes"),
            };
            let file = match module.shown.as_str() {
                "" => String::new(),
                file => format!(" {file}"),
            };
            line(
                &mut text,
                format_args!("{} ({origin} {kind}{size}){file}", module.name),
            );
            for edge in &module.imports {
                let place = edge
                    .line
                    .map_or_else(String::new, |number| format!("line {number}, "));
                line(
                    &mut text,
                    format_args!("    -> {} ({place}{})", edge.target, edge.kind.as_str()),
                );
            }
        }
        for miss in &self.misses {
            line(
                &mut text,
                format_args!(
                    "missing {} ({} by {}): {}",
                    miss.module,
                    miss.kind.as_str(),
                    match &miss.importer {
                        Importer::Project => "the project",
                        Importer::Core => "the interpreter",
                        Importer::Module(name) => name,
                    },
                    miss.reason
                ),
            );
        }
        text
    }

    /// The whole graph as JSON, indented, with a last line end.
    pub fn to_json(&self) -> String {
        let json = Json {
            schema: GRAPH_SCHEMA,
            entry: &self.entry,
            needs_site: self.needs_site,
            needs_compiler: self.needs_compiler,
            roots: &self.roots,
            modules: self
                .modules
                .values()
                .map(|module| JsonModule {
                    name: &module.name,
                    kind: module.kind.as_str(),
                    origin: module.origin,
                    file: &module.shown,
                    size: self.size(&module.name),
                    imports: &module.imports,
                })
                .collect(),
            missing: &self.misses,
        };
        // Strings and numbers only: nothing here can fail to be JSON.
        let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The graph for Graphviz: full lines for imports that run with their module, broken ones
    /// for the rest; colours tell app, dependencies and stdlib apart.
    pub fn to_dot(&self) -> String {
        let mut text = String::from("digraph modules {\n  rankdir=LR;\n  node [shape=box, style=filled];\n");
        for module in self.modules.values() {
            let colour = match module.origin {
                Origin::App => "lightblue",
                Origin::Dependency => "lightyellow",
                Origin::Stdlib => "lightgrey",
            };
            line(
                &mut text,
                format_args!("  {} [fillcolor={colour}];", quoted(&module.name)),
            );
        }
        for module in self.modules.values() {
            for edge in &module.imports {
                let style = match edge.kind {
                    EdgeKind::Static => "",
                    EdgeKind::Optional => " [style=dotted]",
                    _ => " [style=dashed]",
                };
                line(
                    &mut text,
                    format_args!("  {} -> {}{style};", quoted(&module.name), quoted(&edge.target)),
                );
            }
        }
        text.push_str("}\n");
        text
    }

    fn size(&self, name: &str) -> u64 {
        match self.modules.get(name).map(|module| &module.kind) {
            Some(crate::graph::ModuleKind::Source { size, .. }) => *size,
            _ => 0,
        }
    }
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{arguments}");
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
