//! Reads a base's `areas.json`, and finds the source file of a function or an address.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The version of the format.
const SCHEMA: u32 = 1;

/// Maps the functions and data of a base to source files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct SourceMap {
    schema: u32,
    files: Vec<String>,
    /// Runs of functions from one file, in the order of the code section: count, file.
    functions: Vec<(u32, u32)>,
    /// Address, length, file; sorted by address.
    data: Vec<(u64, u64, u32)>,
    builtins: BTreeMap<String, Vec<String>>,
    /// For each run of functions, the number of the first function after it.
    #[serde(skip)]
    ends: Vec<u64>,
}

/// Why a source map cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceMapError {
    /// The file is not JSON of this form.
    #[error("the base's areas.json cannot be read")]
    Json(#[from] serde_json::Error),
    /// The file has another version.
    #[error("the base's areas.json has schema {0}, but this pywasm reads schema {SCHEMA}")]
    Schema(u32),
    /// A number refers to a file that does not exist.
    #[error("the base's areas.json refers to a file that it does not list")]
    File,
}

impl SourceMap {
    /// Reads and checks a source map.
    ///
    /// # Errors
    /// When the text does not have the form that a base has.
    pub fn parse(json: &[u8]) -> Result<Self, SourceMapError> {
        let mut map: Self = serde_json::from_slice(json)?;
        if map.schema != SCHEMA {
            return Err(SourceMapError::Schema(map.schema));
        }
        let named = map.functions.iter().map(|(_, file)| file);
        let mut named = named.chain(map.data.iter().map(|(_, _, file)| file));
        if named.any(|&file| file as usize >= map.files.len()) {
            return Err(SourceMapError::File);
        }
        map.data.sort_unstable();
        let mut end = 0;
        for (count, _) in &map.functions {
            end += u64::from(*count);
            map.ends.push(end);
        }
        Ok(map)
    }

    /// The files.
    pub(crate) fn files(&self) -> &[String] {
        &self.files
    }

    /// Lists the files of each builtin module.
    pub(crate) fn builtins(&self) -> impl Iterator<Item = (&String, Vec<u32>)> {
        self.builtins.iter().map(|(name, files)| {
            let index = |file: &String| self.files.binary_search(file).ok();
            let files = files.iter().filter_map(index);
            (name, files.map(|index| index as u32).collect())
        })
    }

    /// Finds the file of a function by its position among those that the base defines.
    pub(crate) fn function(&self, ordinal: u32) -> Option<u32> {
        let run = self.ends.partition_point(|&end| end <= u64::from(ordinal));
        self.functions.get(run).map(|(_, file)| *file)
    }

    /// Finds the file of the data at an address.
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
        let map = SourceMap::parse(AREAS.as_bytes()).expect("reads");
        let functions: Vec<_> = (0..4).map(|ordinal| map.function(ordinal)).collect();
        assert_eq!(functions, [Some(1), Some(1), Some(0), None]);
        let data = [99, 100, 107, 108, 203].map(|address| map.data(address));
        assert_eq!(data, [None, Some(0), Some(0), None, Some(1)]);
        assert_eq!(map.builtins().collect::<Vec<_>>(), [(&"b".to_owned(), vec![1])]);
    }

    #[test]
    fn bad_source_maps_are_refused() {
        for (from, to) in [("\"schema\":1", "\"schema\":2"), ("[2,1]", "[2,9]"), ("{", "[")] {
            assert!(
                SourceMap::parse(AREAS.replacen(from, to, 1).as_bytes()).is_err(),
                "{to}"
            );
        }
    }
}
