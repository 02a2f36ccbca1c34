//! Hears what a build does, and can act in the middle of it.

use std::sync::{Mutex, PoisonError};

use pywasm_host::Progress;

type Hook = Box<dyn Fn(&str) + Send + Sync>;

/// Keeps the steps that it hears of.
#[derive(Default)]
pub struct TestProgress {
    on_step: Option<Hook>,
    steps: Mutex<Vec<String>>,
}

impl TestProgress {
    /// Calls `hook` with each step when it begins.
    #[must_use]
    pub fn on_step(mut self, hook: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_step = Some(Box::new(hook));
        self
    }

    /// The steps, in order.
    pub fn steps(&self) -> Vec<String> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Progress for TestProgress {
    fn step(&self, text: &str) {
        if let Some(hook) = &self.on_step {
            hook(text);
        }
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        steps.push(text.to_owned());
    }
}
