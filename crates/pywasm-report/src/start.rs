//! Describes how an artifact with a snapshot starts: how far its program has run at build time, and
//! what the rest relies on.

use serde::{Deserialize, Serialize};

/// How an artifact starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartReport {
    /// How far the program was rehearsed.
    pub rehearsal: RehearsalEnd,
    /// What each start compares with its environment, in the order in which the program reads it.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Where a start goes on if something differs.
    pub fallback: Option<ProgramPlace>,
    /// What that costs in the artifact, in bytes.
    #[serde(default)]
    pub fallback_bytes: u64,
}

/// How far a rehearsal came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "end")]
pub enum RehearsalEnd {
    /// No part of the program ran.
    None,
    /// As far as it may: to the call of the entry's function, or to the end.
    Whole,
    /// To a place where the program does what no snapshot can hold.
    Stopped(ProgramPlace),
}

/// A place in a program, and what it does there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramPlace {
    /// What the program does, such as `reads the clock`.
    pub action: String,
    /// The module; `None` where no line of the program is behind it.
    pub module: Option<String>,
    /// The file, as messages show it.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// What to change, where there is something.
    pub hint: Option<String>,
}

impl ProgramPlace {
    /// `FILE:LINE`, or less where less is known.
    fn position(&self) -> String {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (Some(file), None) => file.clone(),
            (None, _) => "the program".to_owned(),
        }
    }
}

impl StartReport {
    /// Says it in sentences, one a line; a hint follows its line.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        match &self.rehearsal {
            RehearsalEnd::None => {
                text += "The interpreter has started at build time; all of the program runs at each start.\n";
            }
            RehearsalEnd::Whole => {
                text += "All that the program does while it is loaded was done at build time.\n";
            }
            RehearsalEnd::Stopped(place) => {
                text += &format!(
                    "{} {}: this line and everything after it runs at each start.\n",
                    place.position(),
                    place.action
                );
                text += &hint(place);
            }
        }
        if let Some(place) = &self.fallback {
            text += &format!(
                "{} {}. A start assumes: {}. Where that is not so, everything from this line on runs at the start; \
                 this takes {} of the artifact.\n",
                place.position(),
                place.action,
                self.assumptions.join(", "),
                crate::format_size(self.fallback_bytes)
            );
            text += &hint(place);
        }
        text
    }
}

fn hint(place: &ProgramPlace) -> String {
    place
        .hint
        .as_ref()
        .map(|hint| format!("hint: {hint}\n"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{ProgramPlace, RehearsalEnd, StartReport};

    fn place(line: u32, action: &str) -> ProgramPlace {
        ProgramPlace {
            action: action.to_owned(),
            module: Some("settings".to_owned()),
            file: Some("settings.py".to_owned()),
            line: Some(line),
            hint: Some("do it later".to_owned()),
        }
    }

    #[test]
    fn a_start_is_explained_in_sentences() {
        let start = StartReport {
            rehearsal: RehearsalEnd::Stopped(place(12, "reads the clock")),
            assumptions: vec![
                "DEBUG is not set".to_owned(),
                "stdout is not a terminal".to_owned(),
            ],
            fallback: Some(place(3, "reads the environment variable DEBUG")),
            fallback_bytes: 2000,
        };
        assert_eq!(
            start.render(),
            "settings.py:12 reads the clock: this line and everything after it runs at each start.\nhint: do it later\n\
             settings.py:3 reads the environment variable DEBUG. A start assumes: DEBUG is not set, stdout is not a \
             terminal. Where that is not so, everything from this line on runs at the start; this takes 2.00 kB of \
             the artifact.\nhint: do it later\n"
        );
        let json = serde_json::to_string(&start).expect("it is data");
        assert!(
            json.starts_with(r#"{"rehearsal":{"end":"stopped","action":"reads the clock""#),
            "{json}"
        );
        assert_eq!(
            serde_json::from_str::<StartReport>(&json).expect("it is its own"),
            start
        );
    }
}
