//! An old and a new figure in, the change and the words for it out.

use std::collections::BTreeMap;

use serde::Serialize;

/// One thing with its two figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is.
    pub name: String,
    /// Before; `None` where it was not there.
    pub old: Option<u64>,
    /// Now; `None` where it is not there any more.
    pub new: Option<u64>,
    /// The difference.
    pub change: i64,
    /// The difference in tenths of a percent of `old`; `None` where that is nothing or 0.
    pub permille: Option<i64>,
    /// What became of it.
    pub state: State,
}

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was not there, or was empty.
    New,
    /// It is not there any more.
    Gone,
    /// It is larger.
    Grown,
    /// It is smaller.
    Shrunk,
    /// It is as large as it was.
    Same,
}

impl Change {
    /// The change from `old` to `new`.
    pub fn new(name: impl Into<String>, old: Option<u64>, new: Option<u64>) -> Self {
        let (before, now) = (old.unwrap_or(0), new.unwrap_or(0));
        let change = i128::from(now) - i128::from(before);
        let permille = new
            .filter(|_| before > 0)
            .map(|_| change * 1000 / i128::from(before));
        Self {
            name: name.into(),
            old,
            new,
            change: clamp(change),
            permille: permille.map(clamp),
            state: match (old, new) {
                (Some(_), None) => State::Gone,
                (None, Some(_)) => State::New,
                _ if before == now => State::Same,
                _ if before == 0 => State::New,
                _ if change > 0 => State::Grown,
                _ => State::Shrunk,
            },
        }
    }

    /// Whether the two figures differ, or the thing came or left.
    pub fn is_change(&self) -> bool {
        self.state != State::Same
    }

    /// How much it changed: `+12.5 %`, `new`, `gone`, `=`.
    pub fn share(&self) -> String {
        match (self.state, self.permille) {
            (State::New, _) => "new".to_owned(),
            (State::Gone, _) => "gone".to_owned(),
            (State::Same, _) => "=".to_owned(),
            // From ten times on, a percentage tells nobody anything.
            (_, Some(permille)) if permille >= 9000 => format!("x{}", permille / 1000 + 1),
            (_, Some(permille)) if permille.abs() >= 1 => format!("{:+.1} %", permille as f64 / 10.0),
            (State::Grown, _) => "< +0.1 %".to_owned(),
            _ => "< -0.1 %".to_owned(),
        }
    }
}

fn clamp(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

/// The figures of two sides by name, as changes; the largest first, then by name.
pub(crate) fn compare<'a>(
    old: impl IntoIterator<Item = (&'a String, &'a u64)>,
    new: impl IntoIterator<Item = (&'a String, &'a u64)>,
) -> Vec<Change> {
    let mut both: BTreeMap<&str, (Option<u64>, Option<u64>)> = BTreeMap::new();
    for (name, bytes) in old {
        both.entry(name).or_default().0 = Some(*bytes);
    }
    for (name, bytes) in new {
        both.entry(name).or_default().1 = Some(*bytes);
    }
    let mut changes: Vec<Change> = both
        .into_iter()
        .map(|(name, (old, new))| Change::new(name, old, new))
        .filter(Change::is_change)
        .collect();
    changes.sort_by(|a, b| {
        let size = |change: &Change| std::cmp::Reverse(change.change.unsigned_abs());
        size(a).cmp(&size(b)).then_with(|| a.name.cmp(&b.name))
    });
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_divided_by_nothing() {
        let told = |old, new| {
            let change = Change::new("x", old, new);
            (change.share(), change.change, change.permille)
        };
        let wanted = |share: &str, change: i64, permille| (share.to_owned(), change, permille);
        assert_eq!(told(None, Some(5)), wanted("new", 5, None));
        assert_eq!(told(Some(0), Some(5)), wanted("new", 5, None));
        assert_eq!(told(Some(0), Some(0)), wanted("=", 0, None));
        assert_eq!(told(Some(5), None), wanted("gone", -5, None));
        assert_eq!(told(Some(2000), Some(3010)), wanted("+50.5 %", 1010, Some(505)));
        assert_eq!(told(Some(10_000), Some(9_999)), wanted("< -0.1 %", -1, Some(0)));
        assert_eq!(told(Some(1), Some(u64::MAX)).2, Some(i64::MAX));
    }
}
