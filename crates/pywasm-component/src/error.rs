//! What can be wrong with a world.

use std::fs;
use std::path::{Path, PathBuf};

use wit_parser::UnresolvedPackageGroup;

/// A world that cannot be read, or that Python cannot be put behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The WIT cannot be read.
    #[error("the WIT cannot be read: {problem}")]
    Wit {
        /// What is wrong with it.
        problem: String,
        /// Where, if that is known.
        place: Option<Place>,
        /// The folder or file.
        path: PathBuf,
    },
    /// There is no such world.
    #[error("there is no world `{name}`")]
    NoWorld {
        /// What was asked for.
        name: String,
        /// The worlds that there are.
        worlds: Vec<String>,
    },
    /// No world was named, and there is not exactly one.
    #[error("the WIT has {}, and none is chosen", count(.worlds))]
    Which {
        /// The worlds that there are.
        worlds: Vec<String>,
    },
    /// Several worlds cannot be one.
    #[error("the worlds cannot be merged: {0}")]
    Merge(String),
    /// A type has no form in Python.
    #[error("the world uses {what}, which components of pywasm do not have")]
    Unsupported {
        /// The kind of type.
        what: &'static str,
        /// Where it stands, if that is known.
        place: Option<Place>,
    },
    /// The core module is not what the world asks for.
    #[error("the module does not become a component: {0}")]
    Wrap(String),
}

impl Error {
    pub(crate) fn wit(path: &Path, problem: &anyhow::Error) -> Self {
        let place = find_place(path);
        // The first line of the innermost message; the lines below it show the source.
        let root = problem.root_cause().to_string();
        let message = root
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with("-->"));
        Self::Wit {
            problem: message.unwrap_or("it is not valid").to_owned(),
            place,
            path: path.to_owned(),
        }
    }

    /// Where in the WIT the fault is, if that is known.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Wit { place, .. } | Self::Unsupported { place, .. } => place.as_ref(),
            _ => None,
        }
    }

    /// The worlds that could have been meant.
    #[must_use]
    pub fn worlds(&self) -> &[String] {
        match self {
            Self::NoWorld { worlds, .. } | Self::Which { worlds } => worlds,
            _ => &[],
        }
    }
}

/// A place in a file of WIT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: u32,
}

impl Place {
    /// Reads `path:line:column`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (rest, _column) = text.rsplit_once(':')?;
        let (path, line) = rest.rsplit_once(':')?;
        Some(Self {
            path: PathBuf::from(path),
            line: line.parse().ok()?,
        })
    }
}

/// Where the WIT stops being WIT. What reads a whole folder does not say it, what reads its parts does.
fn find_place(path: &Path) -> Option<Place> {
    let mut parts = vec![path.to_owned()];
    let packages = fs::read_dir(path.join("deps")).into_iter().flatten().flatten();
    let mut packages: Vec<PathBuf> = packages.map(|entry| entry.path()).collect();
    packages.sort();
    parts.extend(packages);
    parts.iter().find_map(|part| {
        let text = if part.is_dir() {
            format!("{:#}", UnresolvedPackageGroup::parse_dir(part).err()?)
        } else {
            let (map, problem) =
                UnresolvedPackageGroup::parse(part, &fs::read_to_string(part).ok()?).err()?;
            problem.render(&map)
        };
        let mut lines = text.lines().map(str::trim);
        lines.find_map(|line| Place::parse(line.strip_prefix("-->")?.trim()))
    })
}

fn count(worlds: &[String]) -> String {
    match worlds.len() {
        0 => "no worlds".to_owned(),
        many => format!("{many} worlds"),
    }
}
