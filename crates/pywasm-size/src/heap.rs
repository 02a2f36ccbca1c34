//! Finds out whose the bytes of a snapshot's heap are: the guest's list of objects in, parts by
//! address out.
//!
//! An object belongs to the module that it names itself, as functions and classes do, or else to
//! the module from whose names a way leads to it that enters no other module. Of several the one
//! counts that was there first, so an import owns what its importers share with it. What is left
//! belongs to the interpreter.
//!
//! `docs/internals/snapshot-protocol.md` has the form of the list. It comes from a base, so nothing
//! in it is taken for granted.

use std::collections::{BTreeMap, HashMap};

use pywasm_object::Heap;

/// What the guest wrote.
#[derive(Clone, Copy, Debug)]
pub struct Objects<'a> {
    /// The records of objects.
    pub words: &'a [u32],
    /// The names of modules and kinds.
    pub names: &'a [u8],
    /// How many modules there are.
    pub modules: u32,
    /// How many kinds there are.
    pub kinds: u32,
}

/// The list does not have its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base's list of objects is damaged")]
pub struct InvalidObjects;

/// The words of a record before those of its parts.
const HEAD: usize = 7;

/// The number of a module for what belongs to none.
const NO_MODULE: u32 = 0;

struct Object<'a> {
    kind: u32,
    /// The module that it says it is a part of.
    home: u32,
    /// Address and size of its block, and of each block that belongs to it.
    block: &'a [u32],
    parts: &'a [u32],
    references: &'a [u32],
}

/// Divides the heap. `order` has the names of modules, each behind what it imports.
///
/// # Errors
/// When the list is damaged.
pub fn divide_heap(objects: Objects<'_>, order: &[&str]) -> Result<Heap, InvalidObjects> {
    let names = read_names(objects)?;
    let (modules, kinds) = names.split_at(objects.modules as usize);
    let (list, numbers) = read(objects)?;
    let owners = find_owners(&list, &numbers, &turns(modules, order));
    Ok(Heap {
        modules: modules.to_vec(),
        kinds: kinds.to_vec(),
        parts: lay_out(&list, &owners),
    })
}

fn read_names(objects: Objects<'_>) -> Result<Vec<String>, InvalidObjects> {
    let text = objects.names.strip_suffix(&[0]).unwrap_or(objects.names);
    let names = text.split(|byte| *byte == 0);
    let names: Vec<String> = names
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    let expected = u64::from(objects.modules) + u64::from(objects.kinds);
    match names.len() as u64 == expected {
        true => Ok(names),
        false => Err(InvalidObjects),
    }
}

/// Reads the records, and numbers their addresses.
fn read(objects: Objects<'_>) -> Result<(Vec<Object<'_>>, HashMap<u32, usize>), InvalidObjects> {
    let (mut list, mut numbers) = (Vec::new(), HashMap::new());
    let mut words = objects.words;
    while !words.is_empty() {
        let (head, rest) = words.split_at_checked(HEAD).ok_or(InvalidObjects)?;
        let [address, kind, home, _, _, parts, references] = *head else {
            return Err(InvalidObjects);
        };
        let parts = (parts as usize).saturating_mul(2);
        let (parts, rest) = rest.split_at_checked(parts).ok_or(InvalidObjects)?;
        let (references, rest) = rest.split_at_checked(references as usize).ok_or(InvalidObjects)?;
        if kind >= objects.kinds || home > objects.modules {
            return Err(InvalidObjects);
        }
        numbers.insert(address, list.len());
        list.push(Object {
            kind,
            home,
            block: &head[3..5],
            parts,
            references,
        });
        words = rest;
    }
    Ok((list, numbers))
}

/// The numbers of modules, in the order in which they take what is theirs.
fn turns(modules: &[String], order: &[&str]) -> Vec<u32> {
    let mut numbers: BTreeMap<&str, u32> = modules.iter().map(String::as_str).zip(1..).collect();
    let mut turns: Vec<u32> = order.iter().filter_map(|name| numbers.remove(name)).collect();
    let mut rest: Vec<u32> = numbers.into_values().collect();
    rest.sort_unstable();
    turns.extend(rest);
    turns
}

fn find_owners(list: &[Object<'_>], numbers: &HashMap<u32, usize>, turns: &[u32]) -> Vec<u32> {
    let mut owners = vec![NO_MODULE; list.len()];
    let mut at_home: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, object) in list.iter().enumerate() {
        at_home.entry(object.home).or_default().push(number);
    }
    let mut take = |module: u32, starts: &[usize]| {
        let mut pending: Vec<usize> = starts.to_vec();
        while let Some(number) = pending.pop() {
            let object = &list[number];
            let is_foreign = object.home != NO_MODULE && object.home != module;
            if is_foreign || owners[number] != NO_MODULE {
                continue;
            }
            owners[number] = module;
            // The last one that is put there is the first to be entered.
            let references = object.references.iter().rev();
            pending.extend(references.filter_map(|address| numbers.get(address)));
        }
    };
    for &module in turns {
        // The module itself comes first in the list, and leads to the names that it still has.
        if let Some(first) = at_home.get(&module).and_then(|objects| objects.first()) {
            take(module, &[*first]);
        }
    }
    for &module in turns {
        take(module, at_home.get(&module).map_or(&[], Vec::as_slice));
    }
    owners
}

/// Lists the blocks by address. Neighbors of the same module and kind are one part.
fn lay_out(list: &[Object<'_>], owners: &[u32]) -> Vec<[u32; 4]> {
    let mut blocks: Vec<[u32; 4]> = Vec::new();
    for (object, &owner) in list.iter().zip(owners) {
        let places = object.block.chunks_exact(2).chain(object.parts.chunks_exact(2));
        blocks.extend(
            places
                .filter(|place| place[1] > 0)
                .map(|place| [place[0], place[1], owner, object.kind]),
        );
    }
    // Two that claim the same block are ordered by what they are, so that the result is always the same.
    blocks.sort_unstable();
    let mut parts: Vec<[u32; 4]> = Vec::new();
    let mut end = 0;
    for [address, size, owner, kind] in blocks {
        let Some(gap) = address.checked_sub(end) else {
            continue;
        };
        let Some(next) = address.checked_add(size) else {
            continue;
        };
        match parts.last_mut() {
            Some(last) if gap == 0 && last[2..] == [owner, kind] => last[1] += size,
            _ => parts.push([gap, size, owner, kind]),
        }
        end = next;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{InvalidObjects, Objects, divide_heap};

    /// A record without blocks beside its own, of 16 bytes, which stands where the object does.
    fn object(address: u32, kind: u32, home: u32, references: &[u32]) -> Vec<u32> {
        let mut words = vec![address, kind, home, address, 16, 0, references.len() as u32];
        words.extend(references);
        words
    }

    fn divide(words: &[u32], order: &[&str]) -> Result<Vec<[u32; 4]>, InvalidObjects> {
        let objects = Objects {
            words,
            names: b"app\0lib\0module\0dict\0str\0",
            modules: 2,
            kinds: 3,
        };
        divide_heap(objects, order).map(|heap| heap.parts)
    }

    #[test]
    fn what_two_modules_lead_to_belongs_to_the_one_that_was_there_first() {
        let words = [
            object(16, 0, 1, &[32]),
            object(32, 1, 1, &[64, 80, 96]),
            object(48, 0, 2, &[64]),
            object(64, 1, 2, &[96]),
            object(80, 2, 0, &[]),
            object(96, 2, 0, &[]),
            object(112, 2, 0, &[]),
        ]
        .concat();
        let parts = divide(&words, &["lib", "app"]).expect("a list");
        assert_eq!(
            parts,
            [
                [16, 16, 1, 0],
                [0, 16, 1, 1],
                [0, 16, 2, 0],
                [0, 16, 2, 1],
                [0, 16, 1, 2],
                [0, 16, 2, 2],
                [0, 16, 0, 2],
            ]
        );
        let parts = divide(&words, &["app", "lib"]).expect("a list");
        assert_eq!(
            parts[4..],
            [[0, 32, 1, 2], [0, 16, 0, 2]],
            "neighbors are one part"
        );
    }

    #[test]
    fn blocks_beside_an_objects_own_count_as_its_kind_and_never_twice() {
        let mut words = vec![160, 1, 1, 160, 16, 2, 0, 200, 8, 0, 0];
        words.extend(object(204, 2, 0, &[]));
        assert_eq!(
            divide(&words, &[]).expect("a list"),
            [[160, 16, 1, 1], [24, 8, 1, 1]]
        );
    }

    #[test]
    fn a_damaged_list_is_refused() {
        let whole = object(16, 0, 1, &[32]);
        for cut in 1..whole.len() {
            assert_eq!(divide(&whole[..cut], &[]), Err(InvalidObjects), "{cut} words");
        }
        assert_eq!(divide(&object(16, 3, 0, &[]), &[]), Err(InvalidObjects));
        assert_eq!(divide(&object(16, 0, 3, &[]), &[]), Err(InvalidObjects));
        let huge = [16, 0, 1, 16, 16, u32::MAX, u32::MAX];
        assert_eq!(divide(&huge, &[]), Err(InvalidObjects));
        assert!(divide(&object(u32::MAX - 3, 0, 1, &[7]), &["no such"]).is_ok());
    }
}
