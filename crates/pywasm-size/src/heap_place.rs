//! Gives each part of a snapshot's heap its place in the tree: below its module, by kind.

use std::{collections::BTreeMap, rc::Rc};

use pywasm_object::SymbolFile;

use crate::{
    Kind,
    image::FoundImage,
    tree_builder::part,
    walk::{Mark, Place},
};

/// The parts of the heap, and the way back to an earlier memory. `modules` has the numbers of Python
/// modules in the symbol file.
pub(crate) fn place_heap(
    symbols: &SymbolFile,
    image: Option<&FoundImage>,
    modules: &BTreeMap<String, u32>,
) -> Vec<Mark> {
    let way_back = symbols.way_back.iter().map(|addresses| Mark {
        addresses: addresses.clone(),
        path: Rc::from([snapshot("snapshot"), snapshot("way back")]),
        member: None,
    });
    let mut marks: Vec<Mark> = way_back.collect();
    let Some(heap) = &symbols.heap else {
        return marks;
    };
    let files: BTreeMap<&str, &[(String, Kind)]> = image
        .iter()
        .flat_map(|image| &image.files)
        .filter(|file| file.path.last().is_some_and(|(_, kind)| *kind != Kind::Data))
        .filter_map(|file| Some((file.module.as_deref()?, file.path.as_slice())))
        .collect();
    let place = |module: u32, kind: u32| -> Place {
        let mut path = match heap.module_name(module) {
            Some(name) => match files.get(name) {
                Some(path) => path.to_vec(),
                None if name == "__main__" => vec![part("app", Kind::App), part(name, Kind::App)],
                None => vec![snapshot("snapshot"), snapshot("builtin modules"), snapshot(name)],
            },
            None => vec![snapshot("snapshot"), snapshot("interpreter")],
        };
        let kind = heap.kinds.get(kind as usize).map_or("?", String::as_str);
        path.push(part(kind, Kind::Objects));
        path.into()
    };
    let mut paths: BTreeMap<(u32, u32), Place> = BTreeMap::new();
    let mut end = 0_u64;
    for &[gap, size, module, kind] in &heap.parts {
        let start = end + u64::from(gap);
        end = start + u64::from(size);
        let path = paths.entry((module, kind)).or_insert_with(|| place(module, kind));
        let name = heap.module_name(module);
        marks.push(Mark {
            addresses: start..end,
            path: Rc::clone(path),
            member: name.and_then(|name| modules.get(name)).copied(),
        });
    }
    marks
}

fn snapshot(name: &str) -> (String, Kind) {
    part(name, Kind::Snapshot)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use pywasm_object::{Heap, SymbolFile};

    use super::place_heap;

    #[test]
    fn parts_have_places_whatever_their_numbers_are() {
        let heap = Heap {
            modules: vec!["_io".to_owned(), "__main__".to_owned()],
            kinds: vec!["str".to_owned()],
            parts: vec![
                [100, 16, 0, 0],
                [0, 16, 1, 0],
                [8, u32::MAX, 2, 7],
                [u32::MAX, 1, u32::MAX, 0],
            ],
        };
        let symbols = SymbolFile {
            heap: Some(heap),
            way_back: Some(7..9),
            ..SymbolFile::default()
        };
        let numbers = BTreeMap::from([("_io".to_owned(), 5)]);
        let marks = place_heap(&symbols, None, &numbers);
        let told: Vec<_> = marks
            .iter()
            .map(|mark| {
                let names: Vec<&str> = mark.path.iter().map(|(name, _)| name.as_str()).collect();
                (mark.addresses.start, names.join("/"), mark.member)
            })
            .collect();
        let end = 140 + u64::from(u32::MAX);
        assert_eq!(
            told,
            [
                (7, "snapshot/way back".to_owned(), None),
                (100, "snapshot/interpreter/str".to_owned(), None),
                (116, "snapshot/builtin modules/_io/str".to_owned(), Some(5)),
                (140, "app/__main__/?".to_owned(), None),
                (
                    end + u64::from(u32::MAX),
                    "snapshot/interpreter/str".to_owned(),
                    None
                ),
            ]
        );
    }
}
