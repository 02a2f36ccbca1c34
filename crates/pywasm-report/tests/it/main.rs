//! Reports: their schema, and budgets that are judged by them.

mod budget;
mod schema;
