//! Decides what comes along although no statement imports it. The app's own packages come whole, unless `trim` names
//! them. So does
//! a dependency, unless its reached modules prove that they name all that they import: none of them
//! imports by a computed name, lists its own folder, or has attributes that another package makes.
//! `docs/internals/stages/resolve.md` has the rule.

use std::collections::BTreeSet;

use pywasm_project::{TrimMode, is_dotted_name};
use pywasm_scan::{Codecs, Dynamic, Handed, Line, Scan, Taker};
use pywasm_target::is_identifier;

use crate::choice::Choice;
use crate::encodings::WESTERN;
use crate::entry_points::EntryPointModule;
use crate::finder::FoundModule;
use crate::graph::{EdgeKind, Importer};
use crate::lookup::{Lookup, ModulePlace};
use crate::request::{Origin, Request};

/// A module that the rule adds.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) importer: Importer,
    pub(crate) line: Option<Line>,
    pub(crate) module: String,
    pub(crate) kind: EdgeKind,
}

impl Wanted {
    fn new(importer: &Importer, line: Option<Line>, module: impl Into<String>, kind: EdgeKind) -> Self {
        Self {
            importer: importer.clone(),
            line,
            module: module.into(),
            kind,
        }
    }
}

/// Modules of the standard library that import what a string names.
const IMPORTS_BY_STRING: &[&str] = &["logging.config", "unittest.loader"];

/// Files of a project that no program imports by a name in a string.
const NOT_NAMED: &[&str] = &["conftest", "noxfile", "setup"];

/// Codecs whose names in the package `encodings` end in `_codec`; their short names are those of
/// formats, too, and what they need is large.
const BYTES_TO_BYTES: &[&str] = &["bz2_codec", "quopri_codec", "uu_codec", "zlib_codec"];

/// Codecs that need more than a table, or whose names are also words.
const ALSO_WORDS: &[&str] = &["charmap", "idna", "punycode", "undefined"];

/// Codecs that exist on another system only.
const ELSEWHERE: &[&str] = &["mbcs", "oem"];

/// Whether a string means a codec where it stands beside a codec that only a run can tell.
fn means_codec(text: &str, module: &str, is_app: bool) -> bool {
    if BYTES_TO_BYTES.contains(&module) {
        text.to_ascii_lowercase().ends_with("codec")
    } else if ALSO_WORDS.contains(&module) {
        is_app
    } else {
        !ELSEWHERE.contains(&module)
    }
}

/// A string that waits until something imports what strings name.
#[derive(Debug)]
struct NamedText {
    importer: String,
    origin: Origin,
    text: String,
    line: Line,
}

/// Applies the rule, file by file. What it adds only grows.
pub(crate) struct WholeRule<'r> {
    request: &'r Request,
    entry_points: Vec<EntryPointModule>,
    choices: Vec<Choice>,
    /// Packages, starts of names and groups of entry points that have been added.
    added: BTreeSet<String>,
    /// Whether something imports what strings name.
    strings_count: bool,
    waiting: Vec<NamedText>,
    /// Words of longer texts of the app that wait likewise, with the modules.
    words: Vec<(String, String)>,
    takers: BTreeSet<Taker>,
    texts: Vec<(Importer, Origin, Handed<String>)>,
    passed: Vec<Handed<Taker>>,
}

impl<'r> WholeRule<'r> {
    pub(crate) fn new(
        request: &'r Request,
        entry_points: Vec<EntryPointModule>,
        choices: Vec<Choice>,
    ) -> Self {
        Self {
            request,
            entry_points,
            choices,
            added: BTreeSet::new(),
            strings_count: false,
            waiting: Vec::new(),
            words: Vec::new(),
            takers: BTreeSet::new(),
            texts: Vec::new(),
            passed: Vec::new(),
        }
    }

    /// Lists what the project's wheel would hold.
    pub(crate) fn list_own(&mut self, lookup: &mut Lookup<'_>) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for name in &self.request.own_packages {
            self.add_package(&Importer::Project, None, name, lookup, &mut wanted);
        }
        wanted
    }

    /// Lists what a reached file adds.
    pub(crate) fn add_file(
        &mut self,
        name: &str,
        origin: Origin,
        scan: &Scan,
        lookup: &mut Lookup<'_>,
        codecs: &Codecs,
    ) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        if origin == Origin::Stdlib {
            if IMPORTS_BY_STRING.contains(&name) {
                self.count_strings(lookup, &mut wanted);
            }
            return wanted;
        }
        let importer = Importer::Module(name.to_owned());
        let trim = &self.request.trim;
        let mode = if origin == Origin::App {
            trim.of_own(name)
        } else {
            trim.of(name)
        };
        if mode == TrimMode::None {
            let package = regular_package(name, lookup);
            self.add_package(&importer, None, &package, lookup, &mut wanted);
        }
        self.add_computed(&importer, name, origin, scan, lookup, &mut wanted);
        for (act, line) in &scan.dynamics.acts {
            let line = Some(*line);
            match act {
                Dynamic::Lists(_) | Dynamic::Attributes if has_hook(name, lookup) => {}
                Dynamic::Lists(package) => {
                    self.add_package(&importer, line, package, lookup, &mut wanted);
                }
                Dynamic::Attributes => self.add_package(&importer, line, name, lookup, &mut wanted),
                Dynamic::EntryPoints(prefix) if origin == Origin::App || !prefix.is_empty() => {
                    self.add_entry_points(&importer, line, prefix, &mut wanted);
                }
                Dynamic::EntryPoints(_) => {}
            }
        }
        self.add_codecs(&importer, origin, scan, codecs, &mut wanted);
        let texts = scan.dynamics.names.iter().map(|(text, line)| NamedText {
            importer: name.to_owned(),
            origin,
            text: text.clone(),
            line: *line,
        });
        self.waiting.extend(texts);
        if origin == Origin::App {
            let words = scan.dynamics.words.iter();
            self.words
                .extend(words.map(|word| (name.to_owned(), word.clone())));
        }
        if self.strings_count {
            self.count_strings(lookup, &mut wanted);
        }
        self.follow_arguments(&importer, origin, scan, lookup, &mut wanted);
        wanted
    }

    /// Adds what imports by computed names can lead to.
    fn add_computed(
        &mut self,
        importer: &Importer,
        name: &str,
        origin: Origin,
        scan: &Scan,
        lookup: &mut Lookup<'_>,
        wanted: &mut Vec<Wanted>,
    ) {
        for computed in &scan.computed {
            let line = Some(computed.line);
            if computed.prefix.is_empty() {
                self.count_strings(lookup, wanted);
                if origin == Origin::App {
                    add_stdlib(importer, scan, lookup, wanted);
                }
            }
            // A hook for the module knows what its computed imports lead to.
            if has_hook(name, lookup) {
                continue;
            }
            if !computed.prefix.is_empty() {
                self.add_prefix(importer, line, &computed.prefix, lookup, wanted);
            } else if origin == Origin::Dependency {
                let package = regular_package(name, lookup);
                self.add_package(importer, line, &package, lookup, wanted);
            }
        }
    }

    /// Adds a package and all below it.
    fn add_package(
        &mut self,
        importer: &Importer,
        line: Option<Line>,
        package: &str,
        lookup: &mut Lookup<'_>,
        wanted: &mut Vec<Wanted>,
    ) {
        let trim = self.request.trim.of(package);
        if trim == TrimMode::Reached || !self.added.insert(package.to_owned()) {
            return;
        }
        let is_own = lookup.locate(package);
        if !matches!(&is_own, ModulePlace::Disk(found) if found.is_package())
            || lookup.origin(&is_own) == Origin::Stdlib
        {
            return;
        }
        let is_app = lookup.origin(&is_own) == Origin::App;
        let start = format!("{package}.");
        let all = trim == TrimMode::None || is_test(package.rsplit('.').next().unwrap_or(package));
        let names = lookup.finder.modules_below(Some(package));
        let names = names.into_iter().filter(|name| {
            let below = name.strip_prefix(&start).unwrap_or(name);
            let is_main = below.ends_with("__main__") && !is_app;
            all || !is_main && !below.split('.').any(is_test)
        });
        for module in std::iter::once(package.to_owned()).chain(names) {
            if self.keeps(&module) && !lookup.is_excluded(&module) {
                wanted.push(Wanted::new(importer, line, module, EdgeKind::Whole));
            }
        }
    }

    /// Adds all modules whose names start so.
    fn add_prefix(
        &mut self,
        importer: &Importer,
        line: Option<Line>,
        prefix: &str,
        lookup: &mut Lookup<'_>,
        wanted: &mut Vec<Wanted>,
    ) {
        if self.request.trim.of(prefix) == TrimMode::Reached || !self.added.insert(format!("{prefix}*")) {
            return;
        }
        for module in modules_with_prefix(prefix, lookup) {
            let rest = &module[prefix.len()..];
            if self.keeps(&module) && !lookup.is_excluded(&module) && !rest.split('.').any(is_test) {
                wanted.push(Wanted::new(importer, line, module, EdgeKind::Whole));
            }
        }
    }

    /// Whether the project has not left a module out by its choice of a package's parts.
    fn keeps(&self, module: &str) -> bool {
        self.choices.iter().all(|choice| {
            let part = choice.part_of_module(module);
            part.is_none_or(|part| choice.keeps(part))
        })
    }

    fn add_entry_points(
        &mut self,
        importer: &Importer,
        line: Option<Line>,
        prefix: &str,
        wanted: &mut Vec<Wanted>,
    ) {
        let fitting = self
            .entry_points
            .iter()
            .filter(|point| point.group.starts_with(prefix));
        wanted.extend(fitting.map(|point| Wanted::new(importer, line, &point.module, EdgeKind::Whole)));
    }

    /// Adds the codecs that data names, and those that strings name where only a run can tell the codec.
    fn add_codecs(
        &self,
        importer: &Importer,
        origin: Origin,
        scan: &Scan,
        codecs: &Codecs,
        wanted: &mut Vec<Wanted>,
    ) {
        let dynamics = &scan.dynamics;
        let is_app = origin == Origin::App;
        let mut found: BTreeSet<(&str, Option<Line>)> = BTreeSet::new();
        if is_app {
            let charsets = dynamics.charsets.iter();
            found.extend(charsets.filter_map(|name| Some((codecs.module(name)?, None))));
        }
        if let Some(line) = dynamics.computed_codec {
            let named = dynamics.names.iter();
            found.extend(named.filter_map(|(text, line)| {
                let module = codecs.module(text)?;
                means_codec(text, module, is_app).then_some((module, Some(*line)))
            }));
            if is_app {
                found.extend(WESTERN.iter().map(|module| (*module, Some(line))));
            }
        }
        let codec =
            |(module, line)| Wanted::new(importer, line, format!("encodings.{module}"), EdgeKind::Codec);
        wanted.extend(found.into_iter().map(codec));
        if is_app {
            let pickled = dynamics.pickled.iter();
            wanted.extend(pickled.map(|module| Wanted::new(importer, None, module, EdgeKind::Dynamic)));
        }
    }

    /// From now on, strings count: adds what those that wait name.
    fn count_strings(&mut self, lookup: &mut Lookup<'_>, wanted: &mut Vec<Wanted>) {
        self.strings_count = true;
        for named in std::mem::take(&mut self.waiting) {
            if let Some(module) = named_module(&named.text, named.origin, lookup)
                && module != named.importer
                && !(top_level(&module) == top_level(&named.importer) && is_known(&module, lookup))
            {
                let importer = Importer::Module(named.importer);
                wanted.push(Wanted::new(
                    &importer,
                    Some(named.line),
                    module,
                    EdgeKind::Dynamic,
                ));
            }
        }
        for (importer, word) in std::mem::take(&mut self.words) {
            let top = top_level(&word);
            if !is_identifier(top) {
                continue;
            }
            let place = lookup.locate(top);
            let is_regular = matches!(&place, ModulePlace::Disk(FoundModule::Source(_)));
            // A sentence may mention the standard library.
            if !is_regular || lookup.origin(&place) == Origin::Stdlib || top == top_level(&importer) {
                continue;
            }
            if let Some(module) = longest_module(&word, lookup) {
                wanted.push(Wanted::new(
                    &Importer::Module(importer),
                    None,
                    module,
                    EdgeKind::Dynamic,
                ));
            }
        }
    }

    /// Adds what texts name that reach an import through arguments of functions.
    fn follow_arguments(
        &mut self,
        importer: &Importer,
        origin: Origin,
        scan: &Scan,
        lookup: &mut Lookup<'_>,
        wanted: &mut Vec<Wanted>,
    ) {
        let dynamics = &scan.dynamics;
        let mut new: Vec<Taker> = dynamics.takers.clone();
        // A function that hands its parameter to a known taker takes it as well.
        let takes = |passed: &&Handed<Taker>| self.takers.iter().any(|taker| passed.fits(taker));
        new.extend(
            dynamics
                .passed
                .iter()
                .filter(takes)
                .map(|passed| passed.value.clone()),
        );
        let early = dynamics.texts.iter();
        let early = early.filter(|text| self.takers.iter().any(|taker| text.fits(taker)));
        for text in early.cloned().collect::<Vec<_>>() {
            add_text(importer, origin, &text, lookup, wanted);
        }
        let mine = dynamics.texts.iter().cloned();
        self.texts
            .extend(mine.map(|text| (importer.clone(), origin, text)));
        self.passed.extend(dynamics.passed.iter().cloned());
        while let Some(taker) = new.pop() {
            if !self.takers.insert(taker.clone()) {
                continue;
            }
            for (importer, origin, text) in self.texts.iter().filter(|(_, _, text)| text.fits(&taker)) {
                add_text(importer, *origin, text, lookup, wanted);
            }
            let handing = self.passed.iter().filter(|passed| passed.fits(&taker));
            new.extend(handing.map(|passed| passed.value.clone()));
        }
    }
}

/// Adds the modules of the standard library that strings of a file name which imports by computed names itself.
fn add_stdlib(importer: &Importer, scan: &Scan, lookup: &mut Lookup<'_>, wanted: &mut Vec<Wanted>) {
    let names = scan.dynamics.names.iter();
    for (text, line) in names.filter(|(text, _)| is_dotted_name(text)) {
        let place = lookup.locate(text);
        if place != ModulePlace::Missing && lookup.origin(&place) == Origin::Stdlib {
            wanted.push(Wanted::new(importer, Some(*line), text, EdgeKind::Dynamic));
        }
    }
}

fn add_text(
    importer: &Importer,
    origin: Origin,
    text: &Handed<String>,
    lookup: &mut Lookup<'_>,
    wanted: &mut Vec<Wanted>,
) {
    // A module of the standard library counts for the app only: dependencies have many such texts.
    let module = match origin {
        Origin::App => longest_module(&text.value, lookup),
        _ => named_module(&text.value, origin, lookup),
    };
    if let Some(module) = module {
        wanted.push(Wanted::new(importer, Some(text.line), module, EdgeKind::Dynamic));
    }
}

/// Finds the module that a string names: a module, or an object in one. A name without a dot counts only
/// for modules that the app has, or that it has installed, and a module of the standard library only for
/// the app.
fn named_module(text: &str, origin: Origin, lookup: &mut Lookup<'_>) -> Option<String> {
    let has_dot = text.contains(['.', ':']);
    if !has_dot && (origin != Origin::App || NOT_NAMED.contains(&text)) {
        return None;
    }
    let top = text.split(['.', ':']).next().unwrap_or(text);
    let place = lookup.locate(top);
    if place == ModulePlace::Missing {
        return None;
    }
    let owner = lookup.origin(&place);
    if owner == Origin::Stdlib && !(origin == Origin::App && has_dot) {
        return None;
    }
    // A folder without an `__init__.py` may be anything.
    if !has_dot && matches!(place, ModulePlace::Disk(FoundModule::Namespace(_))) {
        return None;
    }
    longest_module(text, lookup)
}

/// Finds the longest start of a dotted name that is a module.
fn longest_module(text: &str, lookup: &mut Lookup<'_>) -> Option<String> {
    let text = text.replace(':', ".");
    if !is_dotted_name(&text) {
        return None;
    }
    let ends = text.match_indices('.').map(|(at, _)| at).chain([text.len()]);
    let mut found = None;
    for end in ends {
        if lookup.locate(&text[..end]) == ModulePlace::Missing {
            break;
        }
        found = Some(text[..end].to_owned());
    }
    found
}

/// Lists the modules whose names start so: those below a package, or without a dot those of the app and
/// its dependencies.
pub(crate) fn modules_with_prefix(prefix: &str, lookup: &mut Lookup<'_>) -> Vec<String> {
    let package = prefix.rsplit_once('.').map(|(package, _)| package);
    let mut names = match package {
        Some(package) if lookup.locate(package) == ModulePlace::Missing => return Vec::new(),
        package => lookup.finder.modules_below(package),
    };
    names.retain(|name| name.starts_with(prefix));
    let mut names: Vec<String> = names.into_iter().collect();
    if package.is_none() {
        names.retain(|name| {
            let place = lookup.locate(name);
            !name.contains('.') && lookup.origin(&place) != Origin::Stdlib
        });
    }
    names
}

/// Gives the outermost package around a module that has an `__init__.py`, or the module itself. Several
/// distributions may share the packages above it.
fn regular_package(name: &str, lookup: &mut Lookup<'_>) -> String {
    let ends = name.match_indices('.').map(|(at, _)| at);
    for end in ends {
        if let ModulePlace::Disk(FoundModule::Source(_)) = lookup.locate(&name[..end]) {
            return name[..end].to_owned();
        }
    }
    name.to_owned()
}

/// Whether a hook has a row for the module's computed imports.
pub(crate) fn has_hook(name: &str, lookup: &Lookup<'_>) -> bool {
    let mut rows = lookup.tables.hidden.iter();
    rows.any(|row| row.importer.module() == Some(name))
}

/// Whether hooks know which of its own modules a package imports by computed names.
fn is_known(module: &str, lookup: &Lookup<'_>) -> bool {
    let package = top_level(module);
    let mut rows = lookup.tables.hidden.iter();
    rows.any(|row| {
        row.importer
            .module()
            .is_some_and(|importer| top_level(importer) == package)
    })
}

/// Gives the top-level package of a module, or the module itself.
fn top_level(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Whether a part of a module's name is that of a package's own tests.
fn is_test(part: &str) -> bool {
    matches!(part, "conftest" | "test" | "tests") || part.starts_with("test_")
}

#[cfg(test)]
mod tests {
    use super::means_codec;

    #[test]
    fn a_short_name_is_a_format_and_no_codec() {
        assert!(means_codec("uu_codec", "uu_codec", false));
        assert!(!means_codec("bz2", "bz2_codec", true));
        assert!(means_codec("idna", "idna", true));
        assert!(!means_codec("idna", "idna", false));
        assert!(means_codec("koi8-r", "koi8_r", false));
    }
}
