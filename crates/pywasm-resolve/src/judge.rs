//! Judges imports that fail or may fail: each is an error, a warning, or a note in the graph.

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::TrimMode;
use pywasm_scan::Submodules;

use crate::available::Reason;
use crate::graph::{Cause, Edge, EdgeKind, Importer, Module, ModuleKind, Severity, Step, UnresolvedImport};
use crate::lookup::NeededModule;
use crate::missing::{MissingModule, explain, find_cause, locate_line};
use crate::reach::{Site, Walk};
use crate::request::Origin;
use crate::whole::{has_hook, modules_with_prefix};

impl Walk<'_, '_> {
    /// Judges an import of a module that cannot be imported. Returns whether to go on regardless.
    pub(crate) fn report_failure(&mut self, target: &NeededModule, reason: &Reason, site: &Site) -> bool {
        let located = self.lookup.locate(&target.name);
        let origin = self.lookup.origin(&located);
        let needs = matches!(reason, Reason::Needs(_));
        if needs && site.severity == Severity::Error && origin != Origin::Stdlib {
            // The failing import in that module is reported, with this chain.
            self.add_module(target, site);
            return true;
        }
        let text = explain(
            &target.written,
            reason,
            &located,
            self.request,
            self.lookup,
            self.unavailable,
            site.kind == EdgeKind::Include,
        );
        let (needed, cause) = find_cause(&target.name, reason, self.request, self.lookup, self.unavailable);
        // It is not installed: it belongs to an extra of the dependency that nobody requested.
        let is_extra =
            cause == Cause::Nowhere && !self.lookup.exists(needed.split('.').next().unwrap_or(&needed));
        let parent = target.name.rsplit_once('.').map_or("", |(parent, _)| parent);
        // A module that has a file is not made at run time.
        let may_be_made = !matches!(cause, Cause::Native(_))
            && self
                .universe
                .scan(parent)
                .is_some_and(|scan| scan.submodules == Submodules::AlsoMade);
        let severity = match site.severity {
            _ if *reason == Reason::Excluded => Severity::Note,
            _ if self.is_external(&target.name) => Severity::Note,
            Severity::Error if may_be_made => Severity::Warning,
            severity => severity,
        };
        let cause_is_nowhere = cause == Cause::Nowhere && site.kind != EdgeKind::Include;
        self.graph.misses.push(UnresolvedImport {
            module: target.written.clone(),
            importer: site.importer.clone(),
            line: site.line,
            kind: site.kind,
            reason: text.message.clone(),
            needs: needed,
            cause,
            severity,
        });
        if severity == Severity::Note {
            return false;
        }
        if severity == Severity::Warning && is_extra {
            return false;
        }
        let is_error = severity == Severity::Error;
        let chain = self.chain(target, site);
        let missing = self
            .missing
            .entry(target.written.clone())
            .or_insert_with(|| MissingModule {
                text,
                is_error,
                is_nowhere: cause_is_nowhere,
                is_usage: true,
                chain,
                place: None,
                others: 0,
            });
        if missing.place.is_some() {
            missing.others += 1;
        }
        missing.is_error |= is_error;
        missing.is_usage &= site.kind == EdgeKind::Include;
        if missing.place.is_none() {
            let place = match site.kind {
                EdgeKind::Include => self.locate_include(&target.written),
                _ => self.locate(site),
            };
            if let Some(missing) = self.missing.get_mut(&target.written) {
                missing.place = place;
            }
        }
        false
    }

    /// Whether the configuration says that a folder of the host will have the module.
    fn is_external(&self, name: &str) -> bool {
        let mut patterns = self.request.external.iter();
        let mut parents = name.match_indices('.').map(|(at, _)| &name[..at]);
        patterns.any(|pattern| pattern.matches(name) || parents.any(|parent| pattern.matches(parent)))
    }

    fn chain(&self, target: &NeededModule, site: &Site) -> Vec<String> {
        let shown = |name: &str| {
            self.graph
                .modules
                .get(name)
                .map_or_else(String::new, |module| module.shown.clone())
        };
        let step = |importer: Option<&str>, edge: Edge| Step {
            importer: importer.map(str::to_owned),
            file: importer.map_or_else(String::new, shown),
            edge,
        };
        let importer = site.importer.module();
        let edge = Edge {
            target: target.written.clone(),
            line: site.line,
            kind: site.kind,
        };
        let mut steps = vec![step(importer, edge).to_string()];
        let mut next = importer;
        while let Some((importer, edge)) = next.and_then(|name| self.first_imports.get(name)) {
            steps.push(step(importer.as_deref(), edge.clone()).to_string());
            next = importer.as_deref();
        }
        steps.reverse();
        steps
    }

    /// Locates the line of the configuration that includes a module.
    fn locate_include(&self, name: &str) -> Option<Location> {
        let patterns = self.request.include.iter();
        let mut named = patterns.filter(|pattern| {
            let below = pattern.as_str().strip_prefix(name);
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        named.next()?.place().cloned()
    }

    pub(crate) fn locate(&self, site: &Site) -> Option<Location> {
        let module = self.graph.modules.get(site.importer.module()?)?;
        let ModuleKind::Source { path, .. } = &module.kind else {
            return None;
        };
        Some(locate_line(path, &module.shown, site.line, self.codecs))
    }

    /// Reports a relative import that leads out of its package.
    pub(crate) fn report_beyond(&mut self, text: &str, site: &Site) {
        if site.severity == Severity::Note {
            return;
        }
        let Some(importer) = site.importer.module() else {
            return;
        };
        let alone = !importer.contains('.');
        let mut diagnostic = if alone {
            Diagnostic::new(format!(
                "`{text}` is a relative import, and `{importer}` is not in a package"
            ))
            .with_hint(
                "import it by its full name, or start the program as a module: `entry = \"package.module\"`",
            )
        } else {
            Diagnostic::new(format!("`{text}` leads out of the package of `{importer}`"))
        };
        diagnostic.location = self.locate(site);
        match site.severity {
            Severity::Error => self.errors.push(diagnostic),
            _ => self.warnings.push(diagnostic),
        }
    }

    /// Warns of a file of the app that shadows a module that the stdlib itself imports.
    pub(crate) fn warn_of_shadow(&mut self, module: &Module, site: &Site) {
        let from_stdlib = match &site.importer {
            Importer::Project => false,
            Importer::Core => true,
            Importer::Module(name) => {
                let importer = self.graph.modules.get(name);
                importer.is_some_and(|importer| importer.origin == Origin::Stdlib)
            }
        };
        // The standard library also imports the project's own entry points.
        let is_own_point = site.kind == EdgeKind::Table && !self.request.stdlib_names.contains(&module.name);
        if module.origin == Origin::App
            && from_stdlib
            && !is_own_point
            && matches!(module.kind, ModuleKind::Source { .. })
        {
            let importer = match site.importer.module() {
                None => "the interpreter".to_owned(),
                Some(importer) => format!("`{importer}`"),
            };
            self.warnings.push(
                Diagnostic::new(format!(
                    "`{}` of the app shadows the standard library's module of that name, which {importer} imports",
                    module.name
                ))
                .with_location(Location::file(module.shown.clone()))
                .with_hint("rename the file"),
            );
        }
    }

    /// Warns of a file of the app that asks for a codec of which nothing is known.
    pub(crate) fn warn_of_codec(&mut self, name: &str) {
        if !self.request.codecs.is_empty() {
            return;
        }
        let file = self.universe.files.get(name);
        if let Some(place) = file.and_then(|file| file.unknown_codec.clone()) {
            self.warnings.push(
                Diagnostic::new(
                    "this names an encoding that only a run can tell; pywasm adds the western ones and those that \
                     this file names",
                )
                .with_location(place)
                .with_hint(
                    "name the encodings, or all, asian or western: `codecs = [\"western\"]` under [tool.pywasm], or \
                     `--codec`",
                ),
            );
        }
    }

    pub(crate) fn warn_of_computed(&mut self, name: &str, origin: Origin) {
        let universe = self.universe;
        let (Some(file), Some(scan)) = (universe.files.get(name), universe.scan(name)) else {
            return;
        };
        for (computed, place) in scan.computed.iter().zip(&file.computed) {
            let package = computed.prefix.rsplit_once('.').map(|(package, _)| package);
            let covers = |package: &str| {
                self.request.include.iter().any(|pattern| {
                    pattern.package().is_some_and(|covered| {
                        package == covered
                            || package
                                .strip_prefix(covered)
                                .is_some_and(|rest| rest.starts_with('.'))
                    })
                })
            };
            // A hook for the module knows what its computed imports lead to.
            if has_hook(name, self.lookup) || package.is_some_and(covers) {
                continue;
            }
            // What it can import comes along, unless the project trims it.
            let trimmed = match computed.prefix.as_str() {
                "" => self.request.trim.of(name),
                prefix => self.request.trim.of(prefix),
            };
            let is_known = match computed.prefix.as_str() {
                "" => origin == Origin::Dependency,
                prefix => !modules_with_prefix(prefix, self.lookup).is_empty(),
            };
            if is_known && trimmed != TrimMode::Reached {
                continue;
            }
            let pattern = package.map_or_else(|| "NAME".to_owned(), |package| format!("{package}.*"));
            self.warnings.push(
                Diagnostic::new(
                    "this import computes the module's name at run time, so pywasm cannot tell which module it loads",
                )
                .with_location(place.clone())
                .with_hint(format!(
                    "name what it can import: `include = [\"{pattern}\"]` under [tool.pywasm], or `--include`"
                )),
            );
        }
    }
}
