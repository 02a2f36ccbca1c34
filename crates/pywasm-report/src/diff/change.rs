//! Computes the change from an old figure to a new one, and formats it.

use std::collections::BTreeMap;

use serde::Serialize;

/// An item with its old and its new figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The item's name.
    pub name: String,
    /// The figure before; `None` if the item did not exist.
    pub old: Option<u64>,
    /// The figure now; `None` if the item no longer exists.
    pub new: Option<u64>,
    /// The difference.
    pub change: i64,
    /// The difference in tenths of a percent of `old`; `None` if `old` is absent or 0.
    pub permille: Option<i64>,
    /// What happened to the item.
    pub state: State,
}

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It did not exist, or was empty.
    New,
    /// It no longer exists.
    Gone,
    /// It is larger.
    Grown,
    /// It is smaller.
    Shrunk,
    /// Its size is the same.
    Same,
}

impl Change {
    /// Computes the change from `old` to `new`.
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

    /// Whether the two figures differ, or the item was added or removed.
    pub fn is_change(&self) -> bool {
        self.state != State::Same
    }

    /// Formats the relative change: `+12.5 %`, `new`, `gone`, `=`.
    pub fn relative(&self) -> String {
        match (self.state, self.permille) {
            (State::New, _) => "new".to_owned(),
            (State::Gone, _) => "gone".to_owned(),
            (State::Same, _) => "=".to_owned(),
            // A percentage is hard to read from ten times the size on.
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

/// Compares the figures of two builds by name. The largest changes come first, then the names
/// decide.
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
    fn a_change_never_divides_by_zero() {
        let change = |old, new| {
            let change = Change::new("x", old, new);
            (change.relative(), change.change, change.permille)
        };
        let wanted = |share: &str, change: i64, permille| (share.to_owned(), change, permille);
        assert_eq!(change(None, Some(5)), wanted("new", 5, None));
        assert_eq!(change(Some(0), Some(5)), wanted("new", 5, None));
        assert_eq!(change(Some(0), Some(0)), wanted("=", 0, None));
        assert_eq!(change(Some(5), None), wanted("gone", -5, None));
        assert_eq!(change(Some(2000), Some(3010)), wanted("+50.5 %", 1010, Some(505)));
        assert_eq!(change(Some(10_000), Some(9_999)), wanted("< -0.1 %", -1, Some(0)));
        assert_eq!(change(Some(1), Some(u64::MAX)).2, Some(i64::MAX));
    }
}
