//! Parses versions of Python, and makes the names that depend on the series, such as
//! `lib/python3.13`.

use std::fmt;
use std::str::FromStr;

/// The first two numbers of a version, which bytecode, folders and wheels depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// 3 in `3.13`.
    pub major: u8,
    /// 13 in `3.13`.
    pub minor: u8,
}

impl Series {
    /// The series whose bytecode pywasm reads and writes.
    pub const SUPPORTED: Self = Self { major: 3, minor: 13 };

    /// The folder of the standard library below a prefix: `lib/python3.13`.
    #[must_use]
    pub fn stdlib_folder(self) -> String {
        format!("lib/python{self}")
    }

    /// The folder of installed distributions below a prefix: `lib/python3.13/site-packages`.
    #[must_use]
    pub fn site_packages_folder(self) -> String {
        format!("{}/site-packages", self.stdlib_folder())
    }

    /// The part before `.pyc` in `__pycache__`, which is `sys.implementation.cache_tag`:
    /// `cpython-313`.
    #[must_use]
    pub fn pyc_suffix(self) -> String {
        format!("{}-{}{}", crate::IMPLEMENTATION, self.major, self.minor)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A version of Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonVersion {
    /// `3.13` in `3.13.15`.
    pub series: Series,
    /// 15 in `3.13.15`.
    pub micro: u8,
}

impl PythonVersion {
    /// Makes a version from its three numbers.
    #[must_use]
    pub const fn new(major: u8, minor: u8, micro: u8) -> Self {
        let series = Series { major, minor };
        Self { series, micro }
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.series, self.micro)
    }
}

/// A text that is not a version of Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidVersion(pub String);

impl fmt::Display for InvalidVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a version of Python such as 3.13.15", self.0)
    }
}

impl std::error::Error for InvalidVersion {}

impl FromStr for PythonVersion {
    type Err = InvalidVersion;

    /// Reads `3.13.15`; `3.13` means `3.13.0`.
    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let number = |part: &str| {
            let is_plain = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u8>().ok().filter(|_| is_plain)
        };
        let numbers: Option<Vec<u8>> = text.split('.').map(number).collect();
        match numbers.as_deref() {
            Some([major, minor]) => Ok(Self::new(*major, *minor, 0)),
            Some([major, minor, micro]) => Ok(Self::new(*major, *minor, *micro)),
            _ => Err(InvalidVersion(text.to_owned())),
        }
    }
}

/// Whether the text can be a Python identifier. Unicode letters count without a look at their
/// exact classes: a file of that name is looked for afterwards anyway.
pub fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_and_written() {
        let version: PythonVersion = "3.13.15".parse().expect("is one");
        assert_eq!(version, PythonVersion::new(3, 13, 15));
        assert_eq!(version.to_string(), "3.13.15");
        assert_eq!(version.series.to_string(), "3.13");
        assert_eq!("3.13".parse(), Ok(PythonVersion::new(3, 13, 0)));
        for wrong in ["", "3", "3.x", "3.13.15rc1", "3.13.15.1", "3.300", "3.+1"] {
            assert!(wrong.parse::<PythonVersion>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_depend_on_the_series() {
        assert_eq!(Series::SUPPORTED.stdlib_folder(), "lib/python3.13");
        assert_eq!(
            Series::SUPPORTED.site_packages_folder(),
            "lib/python3.13/site-packages"
        );
        assert_eq!(Series::SUPPORTED.pyc_suffix(), "cpython-313");
    }
}
