//! Lets one thread make a result while the others that need it wait and then find it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

static TURNS: Mutex<BTreeMap<String, Arc<Mutex<()>>>> = Mutex::new(BTreeMap::new());

/// Calls `make` while no other thread is in a call with the same `name`. A nested call needs a
/// different name.
pub fn run_alone<T>(name: &str, make: impl FnOnce() -> T) -> T {
    let turn = {
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(name.to_owned()).or_default().clone()
    };
    let made = {
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        make()
    };
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    // One reference is the map's and one this thread's, so nobody waits for the turn.
    if Arc::strong_count(&turn) == 2 {
        turns.remove(name);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{TURNS, run_alone};
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    };

    #[test]
    fn one_thread_runs_at_a_time_and_no_turn_stays() {
        let (inside, calls) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        run_alone("the only", || {
                            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                            thread::yield_now();
                            inside.fetch_sub(1, Ordering::SeqCst);
                            calls.fetch_add(1, Ordering::SeqCst);
                        });
                    }
                });
            }
        });
        assert_eq!(calls.into_inner(), 800);
        assert!(!TURNS.lock().expect("no panic").contains_key("the only"));
    }
}
