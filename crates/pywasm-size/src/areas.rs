//! A base's `areas.json` in, the source file of a function or an address out.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The version of the format.
const SCHEMA: u32 = 1;

/// Which source file each function and each byte of data of a base comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Areas {
    schema: u32,
    files: Vec<String>,
    /// Runs of functions of one file, in the order of the code section: how many, file.
    functions: Vec<(u32, u32)>,
    /// Address, length, file; by address.
    data: Vec<(u64, u64, u32)>,
    builtins: BTreeMap<String, Vec<String>>,
    /// For each run of functions, the number of the first behind it.
    #[serde(skip)]
    ends: Vec<u64>,
}

/// Why areas cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AreasError {
    /// It is not JSON of this form.
    #[error("the base's areas.json cannot be read")]
    Json(#[from] serde_json::Error),
    /// It is of another version.
    #[error("the base's areas.json has schema {0}, and this pywasm knows {SCHEMA}")]
    Schema(u32),
    /// A number names a file that is not there.
    #[error("the base's areas.json names a file that it does not list")]
    File,
}

impl Areas {
    /// Reads and checks them.
    ///
    /// # Errors
    /// When they are not of the form that a base has.
    pub fn parse(json: &[u8]) -> Result<Self, AreasError> {
        let mut areas: Self = serde_json::from_slice(json)?;
        if areas.schema != SCHEMA {
            return Err(AreasError::Schema(areas.schema));
        }
        let named = areas.functions.iter().map(|(_, file)| file);
        let mut named = named.chain(areas.data.iter().map(|(_, _, file)| file));
        if named.any(|&file| file as usize >= areas.files.len()) {
            return Err(AreasError::File);
        }
        areas.data.sort_unstable();
        let mut end = 0;
        for (count, _) in &areas.functions {
            end += u64::from(*count);
            areas.ends.push(end);
        }
        Ok(areas)
    }

    /// The files.
    pub(crate) fn files(&self) -> &[String] {
        &self.files
    }

    /// The files of each builtin module.
    pub(crate) fn builtins(&self) -> impl Iterator<Item = (&String, Vec<u32>)> {
        self.builtins.iter().map(|(name, files)| {
            let index = |file: &String| self.files.binary_search(file).ok();
            let files = files.iter().filter_map(index);
            (name, files.map(|index| index as u32).collect())
        })
    }

    /// The file of a function, by its place among those that the base defines.
    pub(crate) fn function(&self, ordinal: u32) -> Option<u32> {
        let run = self.ends.partition_point(|&end| end <= u64::from(ordinal));
        self.functions.get(run).map(|(_, file)| *file)
    }

    /// The file of what stands at an address.
    pub(crate) fn data(&self, address: u64) -> Option<u32> {
        let after = self.data.partition_point(|(start, _, _)| *start <= address);
        let (start, length, file) = self.data.get(after.checked_sub(1)?)?;
        (address - start < *length).then_some(*file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREAS: &str = r#"{"schema":1,"files":["Objects/a.c","Python/b.c"],"functions":[[2,1],[1,0]],
        "data":[[100,8,0],[200,4,1]],"builtins":{"b":["Python/b.c"]}}"#;

    #[test]
    fn functions_and_addresses_have_files() {
        let areas = Areas::parse(AREAS.as_bytes()).expect("reads");
        let functions: Vec<_> = (0..4).map(|ordinal| areas.function(ordinal)).collect();
        assert_eq!(functions, [Some(1), Some(1), Some(0), None]);
        let data = [99, 100, 107, 108, 203].map(|address| areas.data(address));
        assert_eq!(data, [None, Some(0), Some(0), None, Some(1)]);
        assert_eq!(areas.builtins().collect::<Vec<_>>(), [(&"b".to_owned(), vec![1])]);
    }

    #[test]
    fn bad_areas_are_refused() {
        for (from, to) in [("\"schema\":1", "\"schema\":2"), ("[2,1]", "[2,9]"), ("{", "[")] {
            assert!(
                Areas::parse(AREAS.replacen(from, to, 1).as_bytes()).is_err(),
                "{to}"
            );
        }
    }
}
