//! The `budgets` of two reports in, those that were crossed out.

use serde::Serialize;

use crate::Report;

/// A budget whose verdict is another, or that is exceeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetChange {
    /// The budget's key.
    pub what: String,
    /// What it counts.
    pub counts: String,
    /// The verdict before; `None` where it was not judged.
    pub old: Option<String>,
    /// The verdict now; `None` where it is not judged any more.
    pub new: Option<String>,
    /// How much there is.
    pub value: String,
    /// How much there may be.
    pub limit: String,
}

pub(super) fn changes(_old: Option<&Report>, _new: Option<&Report>) -> Vec<BudgetChange> {
    Vec::new()
}
