//! Defines the settings that choose among a few words: what an artifact depends on besides its
//! sources. Configuration, reports and provenance all have them by these words.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The settings that the artifact depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// For size, or for a quick build.
    pub profile: Profile,
    /// What Binaryen works for, as it was requested.
    pub optimize: Optimize,
    /// How far the snapshot goes.
    pub preinit: Preinit,
    /// Whose docstrings stay.
    pub docstrings: Docstrings,
}

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

/// Defines an enum with a word for each variant, which is its form in all texts.
macro_rules! choices {
    ($(#[$about:meta])* $name:ident { $($(#[$variant_about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
        pub enum $name {
            $($(#[$variant_about])* $variant,)+
        }

        impl $name {
            /// The words, in the order of the variants.
            pub const CHOICES: &'static [&'static str] = &[$($word),+];

            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownChoice;

            fn from_str(word: &str) -> Result<Self, UnknownChoice> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownChoice {
                        value: word.to_owned(),
                        choices: Self::CHOICES,
                    }),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                word.parse().map_err(de::Error::custom)
            }
        }
    };
}

choices! {
    /// How a project is built.
    Profile {
        /// As small as it gets.
        #[default]
        Release = "release",
        /// As soon as it gets: no optimizer, no Brotli; sources and names stay.
        Dev = "dev",
    }
}

choices! {
    /// What Binaryen works for: one of two aims, or a level by its own name.
    Optimize {
        /// The smallest module.
        #[default]
        Size = "size",
        /// The quickest module.
        Speed = "speed",
        /// Not at all.
        Off = "off",
        /// `-O2`.
        O2 = "2",
        /// `-O3`.
        O3 = "3",
        /// `-O4`.
        O4 = "4",
        /// `-Os`.
        Os = "s",
        /// `-Oz`.
        Oz = "z",
    }
}

choices! {
    /// Whose docstrings stay in the artifact.
    Docstrings {
        /// Nobody's.
        None = "none",
        /// The app's and its dependencies'; the stdlib's leave.
        #[default]
        App = "app",
        /// Everybody's.
        All = "all",
    }
}

choices! {
    /// How far the program has come in the snapshot that the artifact starts from.
    Preinit {
        /// There is no snapshot: each start starts Python.
        None = "none",
        /// Python has started.
        Interpreter = "interpreter",
        /// What the app's modules import of the standard library and of dependencies is imported.
        #[default]
        Stdlib = "stdlib",
        /// The app's own modules are imported too; the entry has not run.
        App = "app",
    }
}

choices! {
    /// What becomes of a thread that the program starts.
    Threads {
        /// `Thread.start` raises `RuntimeError`.
        #[default]
        None = "none",
        /// `Thread.start` runs the thread's function to its end.
        Eager = "eager",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_reads_back() {
        for word in Profile::CHOICES {
            assert_eq!(&word.parse::<Profile>().expect("a value").to_string(), word);
        }
        for word in Optimize::CHOICES {
            assert_eq!(&word.parse::<Optimize>().expect("a value").to_string(), word);
        }
        for word in Docstrings::CHOICES {
            assert_eq!(&word.parse::<Docstrings>().expect("a value").to_string(), word);
        }
        for word in Preinit::CHOICES {
            assert_eq!(&word.parse::<Preinit>().expect("a value").to_string(), word);
        }
        for word in Threads::CHOICES {
            assert_eq!(&word.parse::<Threads>().expect("a value").to_string(), word);
        }
        let error = "Oz".parse::<Optimize>().expect_err("an error");
        assert_eq!(
            error.to_string(),
            "`Oz` is not one of `size`, `speed`, `off`, `2`, `3`, `4`, `s`, `z`"
        );
    }

    #[test]
    fn settings_are_words_and_an_unknown_word_is_refused() {
        let json = r#"{"profile":"dev","optimize":"2","preinit":"none","docstrings":"all"}"#;
        let settings: Settings = serde_json::from_str(json).expect("settings");
        assert_eq!(settings.optimize, Optimize::O2);
        assert_eq!(serde_json::to_string(&settings).expect("a form in JSON"), json);
        let error = serde_json::from_str::<Settings>(&json.replace("none", "half")).expect_err("an error");
        assert!(
            error
                .to_string()
                .starts_with("`half` is not one of `none`, `interpreter`, `stdlib`, `app`"),
            "{error}"
        );
    }
}
