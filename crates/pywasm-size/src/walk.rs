//! Claims each byte of a module for one node of the tree.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use pywasm_object::{OtherKind, SymbolFile};

use crate::{
    BrotliCosts, Kind,
    heap_place::place_heap,
    image::{self, FoundImage},
    layout::Layout,
    tree_builder::{TreeBuilder, part},
};

/// The number of characters of a text that its name shows.
const NAME_LENGTH: usize = 40;

/// Returns the tree, and the bytes of each item of the symbol file. The module is the part `place` of the
/// file, and its layout begins there.
pub(crate) fn walk(
    file: &[u8],
    place: Range<usize>,
    layout: &Layout,
    symbols: &SymbolFile,
    costs: Option<&BrotliCosts>,
) -> (TreeBuilder, Vec<u64>) {
    let start = place.start;
    let module = file.get(place).unwrap_or_default();
    let mut walk = Walk {
        module,
        start,
        image: image::find(layout, module),
        costs,
        tree: TreeBuilder::default(),
        sizes: vec![0; symbols.functions.len() + symbols.symbols.len() + symbols.others.len()],
        // A file with only the names of functions adds nothing to the module's own names.
        is_whole: symbols.program.is_some(),
        modules: modules(symbols),
        layout,
        symbols,
    };
    walk.claim_sections();
    walk.claim_functions();
    walk.claim_data();
    (walk.tree, walk.sizes)
}

/// Maps the names of Python modules to their numbers.
pub(crate) fn modules(symbols: &SymbolFile) -> BTreeMap<String, u32> {
    let first = (symbols.functions.len() + symbols.symbols.len()) as u32;
    (first..)
        .zip(&symbols.others)
        .filter(|(_, other)| other.kind == OtherKind::Module)
        .map(|(number, other)| (other.name.clone(), number))
        .collect()
}

/// Returns the path of a builtin module in the tree.
pub(crate) fn builtin_path(name: &str) -> Vec<(String, Kind)> {
    vec![
        ("interpreter".to_owned(), Kind::Interpreter),
        ("Modules".to_owned(), Kind::Area),
        (name.to_owned(), Kind::Builtin),
    ]
}

struct Walk<'a> {
    module: &'a [u8],
    /// Where the module begins in the file.
    start: usize,
    layout: &'a Layout,
    symbols: &'a SymbolFile,
    image: Option<FoundImage>,
    costs: Option<&'a BrotliCosts>,
    tree: TreeBuilder,
    /// The bytes of each item of the symbol file.
    sizes: Vec<u64>,
    is_whole: bool,
    modules: BTreeMap<String, u32>,
}

/// A path in the tree.
pub(crate) type Place = Rc<[(String, Kind)]>;

/// What stands at an address: a symbol, a file, or a part of the heap.
pub(crate) struct Mark {
    pub(crate) addresses: Range<u64>,
    pub(crate) path: Place,
    pub(crate) member: Option<u32>,
}

impl Walk<'_> {
    fn claim(&mut self, path: &[(String, Kind)], range: Range<usize>, member: Option<u32>) {
        if range.is_empty() {
            return;
        }
        let bytes = range.len() as u64;
        let brotli = self.costs.map_or(0, |costs| {
            costs.range(self.start + range.start, self.start + range.end)
        });
        let member = member.filter(|member| (*member as usize) < self.sizes.len());
        if let Some(member) = member {
            self.sizes[member as usize] += bytes;
        }
        // Objects of one kind are a share of what their module retains.
        match (member, path) {
            (Some(member), [module @ .., (_, Kind::Objects)]) => {
                self.tree.child(module).join(member);
                self.tree.child(path).claim_share(bytes, brotli);
            }
            _ => self.tree.child(path).claim(bytes, brotli, member),
        }
    }

    /// Claims the bytes of sections that are neither functions nor the contents of segments.
    fn claim_sections(&mut self) {
        let mut parts: Vec<Range<usize>> = (self.entries().into_iter())
            .chain(self.layout.data.iter().map(|segment| segment.range.clone()))
            .collect();
        parts.sort_by_key(|range| range.start);
        let mut parts = parts.into_iter().peekable();
        let mut covered = 0;
        let layout = self.layout;
        for section in &layout.sections {
            let has_parts = matches!(section.name.as_str(), "code" | "data");
            let path = match (self.is_whole, has_parts) {
                (true, _) => vec![part("sections", Kind::Format), part(&section.name, Kind::Section)],
                (false, true) => vec![part(&section.name, Kind::Section), part("(heads)", Kind::Format)],
                (false, false) => vec![part(&section.name, Kind::Section)],
            };
            let mut at = section.range.start;
            while let Some(inner) = parts.next_if(|inner| inner.start < section.range.end) {
                self.claim(&path, at..inner.start, None);
                at = inner.end;
            }
            self.claim(&path, at..section.range.end, None);
            covered = section.range.end;
        }
        // A well-formed module ends with its last section.
        let rest = covered..self.module.len();
        self.claim(&[part("other", Kind::Other)], rest, None);
    }

    /// Lists the entries of the code section, including the size before each body.
    fn entries(&self) -> Vec<Range<usize>> {
        let mut before = None;
        let entries = self.layout.functions.iter().map(|body| {
            let start = before.unwrap_or(body.start);
            before = Some(body.end);
            start..body.end
        });
        entries.collect()
    }

    fn claim_functions(&mut self) {
        for (index, range) in (self.layout.imported_functions..).zip(self.entries()) {
            let symbol = self.symbols.functions.get(index as usize);
            let name = symbol
                .and_then(|symbol| symbol.name.clone())
                .or_else(|| self.layout.names.get(&index).cloned())
                .unwrap_or_else(|| format!("function {index}"));
            let mut path = match symbol.filter(|_| self.is_whole) {
                Some(symbol) => self.file_path(symbol.file, "code"),
                None => vec![part("code", Kind::Section)],
            };
            // The stage `link` prefixes the names of an extension module's functions with its name.
            match name.split_once(':') {
                Some((module, name)) if path.len() == 1 && path[0].1 == Kind::Builtin => {
                    path.push(part(module, Kind::Builtin));
                    if let Some(&number) = self.modules.get(module) {
                        self.tree.child(&path).join(number);
                    }
                    path.push(part(name, Kind::Function));
                }
                _ => path.push((name, Kind::Function)),
            }
            self.claim(&path, range, symbol.map(|_| index));
        }
    }

    /// Returns the path of a source file in the tree.
    fn file_path(&self, file: Option<u32>, otherwise: &str) -> Vec<(String, Kind)> {
        let mut path = vec![part("interpreter", Kind::Interpreter)];
        let Some(name) = file.and_then(|file| self.symbols.files.get(file as usize)) else {
            path.push(part(otherwise, Kind::Other));
            return path;
        };
        let builtin = file.and_then(|file| {
            let mut builtins = self.symbols.builtins.iter();
            builtins.find(|(_, files)| files.contains(&file))
        });
        if let Some((builtin, files)) = builtin {
            path = builtin_path(builtin);
            if files.len() > 1 {
                path.push(part(name.rsplit('/').next().unwrap_or(name), Kind::File));
            }
            return path;
        }
        match name.split_once('/') {
            Some((area, rest)) => {
                let kind = match area {
                    "Objects" | "Python" | "Parser" | "Modules" | "runtime" => Kind::Area,
                    _ => Kind::Library,
                };
                path.extend([part(area, kind), part(rest, Kind::File)]);
            }
            None if name == "extension" => path = vec![part("extension modules", Kind::Builtin)],
            None => path.push(part(name, Kind::Area)),
        }
        path
    }

    fn claim_data(&mut self) {
        let marks = self.marks();
        let layout = self.layout;
        for (index, segment) in (0..).zip(&layout.data) {
            let Some(address) = segment.address else {
                let path = [
                    part("data", Kind::Section),
                    (format!("segment {index}"), Kind::Data),
                ];
                self.claim(&path, segment.range.clone(), None);
                continue;
            };
            let end = address.saturating_add(segment.range.len() as u64);
            let in_file = |at: u64| segment.range.start + (at - address) as usize;
            let mut at = address;
            let first = marks.partition_point(|mark| mark.addresses.end <= address);
            for mark in marks[first..]
                .iter()
                .take_while(|mark| mark.addresses.start < end)
            {
                let (from, to) = (mark.addresses.start.max(at), mark.addresses.end.min(end));
                self.claim_unmarked(at..from, in_file(at)..in_file(from), index);
                if from < to {
                    self.claim(&mark.path, in_file(from)..in_file(to), mark.member);
                    at = to;
                }
            }
            self.claim_unmarked(at..end, in_file(at)..in_file(end), index);
        }
    }

    /// Claims bytes that belong neither to a symbol nor to a file, by their address.
    fn claim_unmarked(&mut self, addresses: Range<u64>, range: Range<usize>, segment: usize) {
        if addresses.is_empty() {
            return;
        }
        if let Some(image) = &self.image
            && image.addresses.start < addresses.end
            && addresses.start < image.addresses.end
        {
            // The image may start or end inside of these bytes, which divides them.
            let (from, to) = (
                image.addresses.start.max(addresses.start),
                image.addresses.end.min(addresses.end),
            );
            let in_file = |at: u64| range.start + (at - addresses.start) as usize;
            self.claim(
                &[
                    part("image", Kind::Format),
                    part("names and places of files", Kind::Format),
                ],
                in_file(from)..in_file(to),
                None,
            );
            self.claim_outside_image(addresses.start..from, range.start..in_file(from), segment);
            self.claim_outside_image(to..addresses.end, in_file(to)..range.end, segment);
            return;
        }
        self.claim_outside_image(addresses, range, segment);
    }

    fn claim_outside_image(&mut self, addresses: Range<u64>, range: Range<usize>, segment: usize) {
        let snapshot = |name: &str| vec![part("snapshot", Kind::Snapshot), part(name, Kind::Snapshot)];
        let path = match &self.symbols.program {
            Some(program) if addresses.start >= program.end && self.symbols.heap.is_some() => {
                snapshot("memory without objects")
            }
            Some(program) if addresses.start >= program.end => snapshot("heap"),
            Some(program) if addresses.end <= program.start => snapshot("stack"),
            Some(_) => vec![
                part("interpreter", Kind::Interpreter),
                part("data without a name", Kind::Data),
            ],
            None => {
                let place = self.layout.data[segment].address.unwrap_or_default();
                vec![
                    part("data", Kind::Section),
                    (format!("segment {segment} at {place:#x}"), Kind::Data),
                ]
            }
        };
        self.claim(&path, range, None);
    }

    /// Whether there is memory after the program's own, which only a snapshot has.
    fn has_heap(&self) -> bool {
        let Some(program) = &self.symbols.program else {
            return false;
        };
        let is_image = |address| (self.image.iter()).any(|image| image.addresses.contains(&address));
        let mut addresses = self.layout.data.iter().filter_map(|segment| segment.address);
        addresses.any(|address| address >= program.end && !is_image(address))
    }

    /// Lists symbols and files by address, without overlaps.
    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        let has_heap = self.has_heap();
        let first = self.symbols.functions.len() as u32;
        for (number, symbol) in (first..).zip(&self.symbols.symbols) {
            let addresses = symbol.address..symbol.address.saturating_add(symbol.size);
            let mut path = self.file_path(symbol.file, "data");
            let is_state = has_heap
                && self
                    .symbols
                    .state
                    .as_ref()
                    .is_some_and(|state| state.contains(&symbol.address));
            if is_state {
                path.splice(
                    0..1,
                    [
                        part("snapshot", Kind::Snapshot),
                        part("state of C code", Kind::Snapshot),
                    ],
                );
            }
            let name = symbol
                .name
                .clone()
                .unwrap_or_else(|| self.name_by_text(symbol.address, symbol.size));
            path.push((name, Kind::Data));
            marks.push(Mark {
                addresses,
                path: path.into(),
                member: Some(number),
            });
        }
        for file in self.image.iter().flat_map(|image| &image.files) {
            let module = file.module.as_ref().and_then(|name| self.modules.get(name));
            marks.push(Mark {
                addresses: file.addresses.clone(),
                path: file.path.as_slice().into(),
                member: module.copied(),
            });
        }
        marks.extend(place_heap(self.symbols, self.image.as_ref(), &self.modules));
        marks.sort_by_key(|mark| (mark.addresses.start, mark.addresses.end));
        let mut free = 0;
        for mark in &mut marks {
            mark.addresses.start = mark.addresses.start.max(free);
            mark.addresses.end = mark.addresses.end.max(mark.addresses.start);
            free = mark.addresses.end;
        }
        marks.retain(|mark| !mark.addresses.is_empty());
        marks
    }

    /// Names data without a name by its text.
    fn name_by_text(&self, address: u64, size: u64) -> String {
        let bytes = self.layout.data.iter().find_map(|segment| {
            let offset = usize::try_from(address.checked_sub(segment.address?)?).ok()?;
            let bytes = &self.module[segment.range.clone()];
            let end = offset.saturating_add(size as usize).min(bytes.len());
            bytes.get(offset..end).filter(|bytes| !bytes.is_empty())
        });
        let text = bytes.and_then(|bytes| {
            let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
            str::from_utf8(&bytes[..end]).ok()
        });
        match text {
            Some(text) if !text.is_empty() => {
                let short: String = text.chars().take(NAME_LENGTH).collect();
                let rest = if short.len() < text.len() { "..." } else { "" };
                format!("\"{}{rest}\"", short.escape_debug())
            }
            _ => format!("data at {address:#x}"),
        }
    }
}
