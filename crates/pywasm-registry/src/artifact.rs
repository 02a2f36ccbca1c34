//! Lays out a module for a registry as a configuration and a manifest, and finds the module's layer
//! in a manifest.
//!
//! The layout is that of CNCF's "Wasm OCI Artifact", which `wkg`, `oras`, runwasi and others read.
//! Both texts depend only on the module and its annotations, so the same artifact has the same
//! digest wherever and whenever it is pushed.

use std::collections::BTreeMap;

use oci_client::manifest::{
    OCI_IMAGE_INDEX_MEDIA_TYPE, OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest, OciManifest,
};
use pywasm_digest::Digest;
use serde::Serialize;

use crate::{LARGEST_MODULE, reference::read_digest};

/// The media type of a module.
const LAYER: &str = "application/wasm";
/// What tools wrote before there was one layout.
const OLD_LAYER: &str = "application/vnd.wasm.content.layer.v1+wasm";
/// The annotation with a file's name.
pub const TITLE: &str = "org.opencontainers.image.title";
/// The annotation with the project's version.
const VERSION: &str = "org.opencontainers.image.version";
/// The annotation with the id of the base.
const BASE: &str = "pywasm.base";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";

/// What is requested from a registry. An index is accepted only to be refused with a clear message.
pub(crate) const ACCEPTED: [&str; 2] = [OCI_IMAGE_MEDIA_TYPE, OCI_IMAGE_INDEX_MEDIA_TYPE];

/// A module to be pushed.
pub struct Artifact {
    /// The module's bytes.
    pub module: Vec<u8>,
    /// Its annotations in the manifest, by the keys of the OCI image specification.
    pub annotations: BTreeMap<String, String>,
    /// What it is as a component; `None` for a core module.
    pub component: Option<Component>,
}

/// What the configuration says of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Component {
    /// The names of what it exports.
    pub exports: Vec<String>,
    /// The names of what it imports.
    pub imports: Vec<String>,
    /// The world that it was built for, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

impl Artifact {
    /// A module with what is known of it: its file's name, the version of its project, and the base
    /// that it was built on.
    #[must_use]
    pub fn new(
        module: Vec<u8>,
        title: Option<String>,
        version: Option<String>,
        base: Option<String>,
    ) -> Self {
        let known = [(TITLE, title), (VERSION, version), (BASE, base)];
        let annotations = known
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect();
        Self {
            module,
            annotations,
            component: None,
        }
    }
}

/// A blob and its digest.
pub(crate) struct Blob {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
}

impl Blob {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let digest = Digest::compute(&bytes);
        Self { bytes, digest }
    }

    fn descriptor(&self, media_type: &str) -> OciDescriptor {
        OciDescriptor {
            media_type: media_type.to_owned(),
            digest: format!("sha256:{}", self.digest),
            size: i64::try_from(self.bytes.len()).unwrap_or(i64::MAX),
            ..OciDescriptor::default()
        }
    }
}

/// The configuration of a module for WASI preview 1, or of a component.
pub(crate) fn config(module: &Blob, component: Option<&Component>) -> serde_json::Result<Blob> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Config<'a> {
        // Readers require a time; this one is always the same.
        created: &'static str,
        architecture: &'static str,
        os: &'static str,
        layer_digests: [String; 1],
        #[serde(skip_serializing_if = "Option::is_none")]
        component: Option<&'a Component>,
    }
    let config = Config {
        created: "1970-01-01T00:00:00Z",
        architecture: "wasm",
        // The layout's word for every component, whichever WASI it imports.
        os: if component.is_some() { "wasip2" } else { "wasip1" },
        layer_digests: [format!("sha256:{}", module.digest)],
        component,
    };
    Ok(Blob::new(serde_json::to_vec(&config)?))
}

/// The manifest that holds both together.
pub(crate) fn manifest(
    module: &Blob,
    config: &Blob,
    annotations: BTreeMap<String, String>,
) -> serde_json::Result<Blob> {
    let mut layer = module.descriptor(LAYER);
    // `oras pull` writes only what has a name of its own.
    layer.annotations = annotations
        .get_key_value(TITLE)
        .map(|(key, name)| BTreeMap::from([(key.clone(), name.clone())]));
    let manifest = OciImageManifest {
        media_type: Some(OCI_IMAGE_MEDIA_TYPE.to_owned()),
        config: config.descriptor(CONFIG),
        layers: vec![layer],
        annotations: (!annotations.is_empty()).then_some(annotations),
        ..OciImageManifest::default()
    };
    Ok(Blob::new(serde_json::to_vec(&manifest)?))
}

/// The layer of a manifest that holds the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layer {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
}

/// Finds the module's layer in a manifest, or says what is wrong with the manifest.
pub(crate) fn layer(manifest: &[u8]) -> Result<Layer, String> {
    let manifest = match serde_json::from_slice(manifest) {
        Ok(OciManifest::Image(manifest)) => manifest,
        Ok(OciManifest::ImageIndex(_)) => {
            return Err(
                "it is an index of several artifacts, but pywasm pulls one artifact by its own digest"
                    .to_owned(),
            );
        }
        Err(_) => return Err("its manifest does not follow the OCI image specification".to_owned()),
    };
    let is_module = |layer: &&OciDescriptor| matches!(layer.media_type.as_str(), LAYER | OLD_LAYER);
    let mut modules = manifest.layers.iter().filter(is_module);
    let (Some(layer), None) = (modules.next(), modules.next()) else {
        return Err(format!(
            "it is not a WebAssembly artifact, which has exactly one layer of the type {LAYER}"
        ));
    };
    let size =
        u64::try_from(layer.size).map_err(|_| "its manifest has no valid size for the module".to_owned())?;
    if size > LARGEST_MODULE {
        return Err(format!(
            "its module has {size} bytes, but pywasm pulls at most {LARGEST_MODULE}"
        ));
    }
    Ok(Layer {
        // What a registry wrote is not shown, since it may contain anything.
        digest: read_digest(&layer.digest)
            .map_err(|_| "the digest of its module is not a SHA-256 digest".to_owned())?,
        size,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed() -> (Blob, Blob) {
        let module = Blob::new(b"\0asm\x01\0\0\0".to_vec());
        let config = config(&module, None).expect("JSON");
        let annotations = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
        let manifest = manifest(&module, &config, annotations).expect("JSON");
        (module, manifest)
    }

    #[test]
    fn reads_what_it_writes() {
        let (module, manifest) = pushed();
        let found = layer(&manifest.bytes).expect("the layer");
        assert_eq!((found.digest, found.size), (module.digest, 8));
        assert_eq!(pushed().1.digest, manifest.digest, "the same each time");
    }

    #[test]
    fn a_component_names_what_it_imports_and_exports() {
        let component = Component {
            exports: vec!["a:b/c@1.0.0".to_owned()],
            imports: vec!["wasi:cli/stdin@0.2.12".to_owned()],
            target: Some("a:b/world@1.0.0".to_owned()),
        };
        let module = Blob::new(b"\0asm\x0d\0\x01\0".to_vec());
        let config = config(&module, Some(&component)).expect("JSON");
        let text = String::from_utf8(config.bytes).expect("UTF-8");
        assert!(text.contains(r#""os":"wasip2""#), "{text}");
        assert!(
            text.ends_with(
                r#""component":{"exports":["a:b/c@1.0.0"],"imports":["wasi:cli/stdin@0.2.12"],"target":"a:b/world@1.0.0"}}"#
            ),
            "{text}"
        );
    }

    #[test]
    fn refuses_what_is_no_module() {
        let (_, manifest) = pushed();
        let text = String::from_utf8(manifest.bytes).expect("UTF-8");
        for (from, to) in [
            ("application/wasm", "application/vnd.oci.image.layer.v1.tar"),
            ("\"size\":8", "\"size\":-8"),
            ("\"size\":8", "\"size\":1073741825"),
            ("\"layers\":", "\"strata\":"),
            ("\"schemaVersion\":2", "\"schemaVersion\":"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            assert!(layer(changed.as_bytes()).is_err(), "{to}");
        }
        assert!(layer(b"").is_err());
        assert!(layer(&[0xff; 64]).is_err());
    }
}
