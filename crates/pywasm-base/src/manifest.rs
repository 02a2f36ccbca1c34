//! Reads, checks and writes `manifest.json`, which describes a base. The JSON may be hostile.
//! `docs/reference/bases.md` lists the keys.

use std::collections::BTreeMap;
use std::path::Path;

use pywasm_target::{PythonVersion, Target};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ManifestError;
use pywasm_digest::{Digest, Hasher};

/// The manifest's file name inside a base.
pub const MANIFEST: &str = "manifest.json";

/// The version of the manifest's keys that this crate reads and writes.
pub const SCHEMA: u32 = 1;

/// The exports and the image format that this tool expects of a `base.wasm`.
pub const BASE_ABI: u32 = 3;

/// A base's manifest. A recipe's script writes it without `id`, `recipe` and `files`;
/// [`Manifest::complete`] adds these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of these keys: [`SCHEMA`].
    pub schema: u32,
    /// The version of the exports and of the image format: [`BASE_ABI`].
    pub abi: u32,
    /// `cpython-VERSION-` and 12 hex digits of the base's digest.
    #[serde(default)]
    pub id: String,
    /// The Python version, with three numbers.
    pub python: String,
    /// The digest of the recipe that built it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Digest>,
    /// Sorted names of the builtin modules.
    pub builtins: Vec<String>,
    /// The modules that the C code of each builtin module imports; the key `""` is the core.
    pub c_imports: BTreeMap<String, Vec<String>>,
    /// `sys.stdlib_module_names`.
    pub stdlib_names: Vec<String>,
    /// The versions of the toolchain's parts by name.
    pub toolchain: BTreeMap<String, String>,
    /// The source archives that the base was built from.
    pub sources: Vec<Source>,
    /// The digests of all files except for the manifest, by path inside the base, with `/`.
    #[serde(default)]
    pub files: BTreeMap<String, Digest>,
    /// Keys that this version does not know. They are kept and are part of the id.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

/// A source archive that a base was built from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its name, such as `sqlite`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of its source archive.
    pub sha256: Digest,
    /// Its licence, as an SPDX expression.
    pub license: String,
    /// The path of the licence's text inside the base.
    pub license_file: String,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

impl Manifest {
    /// Parses the manifest that a recipe wrote; `id`, `recipe` and `files` may be missing.
    pub(crate) fn parse_draft(json: &[u8]) -> Result<Self, ManifestError> {
        // The schema comes first, since keys of another schema would be reported as missing.
        #[derive(Deserialize)]
        struct Schema {
            schema: u32,
        }
        let Schema { schema } = serde_json::from_slice(json)?;
        if schema != SCHEMA {
            return Err(ManifestError::Schema(schema));
        }
        let manifest: Self = serde_json::from_slice(json)?;
        let has_three_numbers = manifest.python.split('.').count() == 3;
        if !has_three_numbers || manifest.python.parse::<PythonVersion>().is_err() {
            let reason = format!("`{}` is not a version such as 3.13.15", manifest.python);
            return Err(ManifestError::Value {
                key: "python",
                reason,
            });
        }
        Ok(manifest)
    }

    /// Parses and checks a complete manifest: paths stay inside the base, `base.wasm` exists, and the id
    /// matches the rest.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let manifest = Self::parse_draft(json)?;
        for path in manifest.files.keys() {
            let wrong = |reason: &str| ManifestError::Value {
                key: "files",
                reason: format!("`{}` {reason}", path.escape_debug()),
            };
            check_path(path).map_err(wrong)?;
            if path == MANIFEST {
                return Err(wrong("a manifest cannot contain its own digest"));
            }
        }
        for needed in ["base.wasm"] {
            if !manifest.files.contains_key(needed) {
                let reason = format!("`{needed}` is missing");
                return Err(ManifestError::Value { key: "files", reason });
            }
        }
        let id = manifest.compute_id()?;
        if manifest.id != id {
            let reason = format!(
                "the manifest has `{}`, but its content gives `{id}`",
                manifest.id.escape_debug()
            );
            return Err(ManifestError::Value { key: "id", reason });
        }
        Ok(manifest)
    }

    /// Adds the id and what the recipe's script does not know.
    pub(crate) fn complete(
        mut self,
        recipe: Digest,
        files: BTreeMap<String, Digest>,
    ) -> Result<Self, ManifestError> {
        self.recipe = Some(recipe);
        self.files = files;
        self.id = self.compute_id()?;
        Ok(self)
    }

    /// Computes the id: a SHA-256 over the manifest without `id` and `files` as JSON with sorted keys
    /// and without white space, a line feed, and one line `SHA256  PATH` for each file, sorted by path.
    fn compute_id(&self) -> Result<String, ManifestError> {
        let mut value = serde_json::to_value(self)?;
        if let Value::Object(map) = &mut value {
            map.remove("id");
            map.remove("files");
        }
        let mut hasher = Hasher::new();
        let mut text = String::new();
        write_canonical(&value, &mut text);
        hasher.update(text.as_bytes());
        hasher.update(b"\n");
        for (path, digest) in &self.files {
            hasher.update(format!("{digest}  {path}\n").as_bytes());
        }
        Ok(format!("cpython-{}-{}", self.python, hasher.finish().short(12)))
    }

    /// Writes the manifest as indented JSON with a final line feed.
    pub fn to_json(&self) -> Result<Vec<u8>, ManifestError> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }

    /// The platform, with this base's Python.
    pub fn target(&self) -> Target {
        // `parse_draft` accepts only valid versions.
        let python = self.python.parse().expect("a version");
        Target::new(python)
    }

    /// Major and minor version, as in `lib/python3.13`.
    pub fn python_minor(&self) -> &str {
        self.python
            .rsplit_once('.')
            .map_or(self.python.as_str(), |(minor, _)| minor)
    }
}

/// Writes JSON with sorted keys, whatever order the map type of `serde_json` has in this build.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().collect();
            out.push('{');
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write_canonical(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_canonical(value, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// Checks that a `/`-separated path from outside stays inside its folder on every platform.
/// The error completes the sentence "`PATH` ...".
pub(crate) fn check_path(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("is empty");
    }
    if path.len() > 1024 {
        return Err("is too long");
    }
    if path.starts_with('/') || Path::new(path).is_absolute() {
        return Err("is absolute");
    }
    for part in path.split('/') {
        match part {
            "" => return Err("has an empty part"),
            "." | ".." => return Err("leaves its folder or contains a `.` part"),
            _ if part.len() > 255 => return Err("has a part that is too long"),
            // A backslash or a drive's colon is a normal character here, but leaves the folder elsewhere.
            _ if part.contains(['\\', ':']) || part.contains(char::is_control) => {
                return Err("has a character that file names in a base cannot have");
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft() -> Value {
        json!({
            "schema": 1, "abi": 3, "python": "3.13.15", "builtins": ["sys"],
            "c_imports": {"": ["encodings"]}, "stdlib_names": ["os"],
            "toolchain": {"clang": "19"}, "sources": [], "later": {"b": 1, "a": [true, null]},
        })
    }

    fn complete() -> Manifest {
        let files = BTreeMap::from([("base.wasm".to_owned(), Digest::compute(b"x"))]);
        let draft = Manifest::parse_draft(draft().to_string().as_bytes()).expect("a draft");
        draft
            .complete(Digest::compute(b"recipe"), files)
            .expect("complete")
    }

    #[test]
    fn round_trip_keeps_the_id() {
        let manifest = complete();
        let read = Manifest::parse(&manifest.to_json().expect("json")).expect("parses");
        assert_eq!(read, manifest);
        assert!(read.id.starts_with("cpython-3.13.15-"), "{}", read.id);
        assert_eq!(read.python_minor(), "3.13");
    }

    #[test]
    fn the_id_covers_everything() {
        let id = complete().id;
        let mut changed = complete();
        changed.files.insert("stdlib/os.py".into(), Digest::compute(b"y"));
        assert_ne!(changed.compute_id().expect("id"), id);
        let mut changed = complete();
        changed.other.insert("later".into(), json!(2));
        assert_ne!(changed.compute_id().expect("id"), id);
        let mut changed = complete();
        changed.toolchain.insert("clang".into(), "20".into());
        assert_ne!(changed.compute_id().expect("id"), id);
    }

    #[test]
    fn canonical_json_is_sorted() {
        let mut text = String::new();
        write_canonical(&json!({"b": [1, {"z": "\n", "a": 2}], "a": null}), &mut text);
        assert_eq!(text, r#"{"a":null,"b":[1,{"a":2,"z":"\n"}]}"#);
    }

    #[test]
    fn refuses_what_is_wrong() {
        let with = |key: &str, value: Value| {
            let mut json = serde_json::to_value(complete()).expect("json");
            json[key] = value;
            Manifest::parse(json.to_string().as_bytes())
                .expect_err("refused")
                .to_string()
        };
        assert_eq!(
            with("schema", json!(2)),
            "the manifest has schema 2, but this pywasm reads schema 1"
        );
        assert_eq!(
            with("python", json!("../../x")),
            "`python` is invalid: `../../x` is not a version such as 3.13.15"
        );
        assert!(
            with("id", json!("../up"))
                .starts_with("`id` is invalid: the manifest has `../up`, but its content")
        );
        assert!(with("abi", json!("one")).contains("invalid type"));
        assert_eq!(
            with("files", json!({})),
            "`files` is invalid: `base.wasm` is missing"
        );
        let digest = Digest::compute(b"").to_string();
        assert_eq!(
            with("files", json!({"../a": digest})),
            "`files` is invalid: `../a` leaves its folder or contains a `.` part"
        );
        assert!(Manifest::parse(b"{").is_err());
    }

    #[test]
    fn paths() {
        for fine in ["a", "a/b.py", "stdlib/test_é/x", "a..b"] {
            assert_eq!(check_path(fine), Ok(()), "{fine}");
        }
        for wrong in [
            "", "/a", "a//b", "a/", "./a", "a/..", "..", "a\\b", "C:x", "a\0b", "a\nb",
        ] {
            assert!(check_path(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_path(&"a".repeat(300)).is_err());
        assert!(check_path(&"a/".repeat(900)).is_err());
    }
}
