//! Defines the settings that choose among a few words.

use std::fmt;
use std::str::FromStr;

/// A word that is not among the choices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not one of {}", list(choices))]
pub struct UnknownChoice {
    /// What was given.
    pub value: String,
    /// What there is.
    pub choices: &'static [&'static str],
}

fn list(choices: &[&str]) -> String {
    let quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
    quoted.join(", ")
}

/// What Binaryen works for: one of two aims, or a level by its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Optimize {
    /// The smallest module.
    #[default]
    Size,
    /// The quickest module.
    Speed,
    /// Not at all.
    Off,
    /// `-O2`.
    O2,
    /// `-O3`.
    O3,
    /// `-O4`.
    O4,
    /// `-Os`.
    Os,
    /// `-Oz`.
    Oz,
}

impl Optimize {
    /// The words of [`Optimize::from_str`], in the order of the variants.
    pub const CHOICES: &'static [&'static str] = &["size", "speed", "off", "2", "3", "4", "s", "z"];
}

impl fmt::Display for Optimize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::CHOICES[*self as usize])
    }
}

impl FromStr for Optimize {
    type Err = UnknownChoice;

    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        Ok(match word {
            "size" => Self::Size,
            "speed" => Self::Speed,
            "off" => Self::Off,
            "2" => Self::O2,
            "3" => Self::O3,
            "4" => Self::O4,
            "s" => Self::Os,
            "z" => Self::Oz,
            _ => {
                return Err(UnknownChoice {
                    value: word.to_owned(),
                    choices: Self::CHOICES,
                });
            }
        })
    }
}

/// Whose docstrings stay in the artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Docstrings {
    /// Nobody's.
    None,
    /// The app's and its dependencies'; the stdlib's leave.
    #[default]
    App,
    /// Everybody's.
    All,
}

impl Docstrings {
    /// The words of [`Docstrings::from_str`], in the order of the variants.
    pub const CHOICES: &'static [&'static str] = &["none", "app", "all"];
}

impl fmt::Display for Docstrings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::CHOICES[*self as usize])
    }
}

impl FromStr for Docstrings {
    type Err = UnknownChoice;

    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        Ok(match word {
            "none" => Self::None,
            "app" => Self::App,
            "all" => Self::All,
            _ => {
                return Err(UnknownChoice {
                    value: word.to_owned(),
                    choices: Self::CHOICES,
                });
            }
        })
    }
}

/// How far the program has come in the snapshot that the artifact starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Preinit {
    /// There is no snapshot: Python is started every time.
    None,
    /// Python has started.
    Interpreter,
    /// What the app's modules import of the standard library and of dependencies is imported.
    #[default]
    Stdlib,
    /// The app's own modules are imported too; the entry has not run.
    App,
}

impl Preinit {
    /// The words of [`Preinit::from_str`], in the order of the variants.
    pub const CHOICES: &'static [&'static str] = &["none", "interpreter", "stdlib", "app"];
}

impl fmt::Display for Preinit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::CHOICES[*self as usize])
    }
}

impl FromStr for Preinit {
    type Err = UnknownChoice;

    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        Ok(match word {
            "none" => Self::None,
            "interpreter" => Self::Interpreter,
            "stdlib" => Self::Stdlib,
            "app" => Self::App,
            _ => {
                return Err(UnknownChoice {
                    value: word.to_owned(),
                    choices: Self::CHOICES,
                });
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_reads_back() {
        for word in Optimize::CHOICES {
            assert_eq!(&word.parse::<Optimize>().expect("a value").to_string(), word);
        }
        for word in Docstrings::CHOICES {
            assert_eq!(&word.parse::<Docstrings>().expect("a value").to_string(), word);
        }
        for word in Preinit::CHOICES {
            assert_eq!(&word.parse::<Preinit>().expect("a value").to_string(), word);
        }
        let error = "Oz".parse::<Optimize>().expect_err("an error");
        assert_eq!(
            error.to_string(),
            "`Oz` is not one of `size`, `speed`, `off`, `2`, `3`, `4`, `s`, `z`"
        );
    }
}
