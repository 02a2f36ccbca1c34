//! Finds the runs of bytes in a memory that need a data segment.

use std::ops::Range;

/// The parts of `bytes` between runs of more than `zeros` zeros.
pub(crate) fn runs(bytes: &[u8], zeros: usize) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut run: Option<Range<usize>> = None;
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte != 0) {
        run = match run {
            Some(run) if at - run.end <= zeros => Some(run.start..at + 1),
            other => {
                runs.extend(other);
                Some(at..at + 1)
            }
        };
    }
    runs.extend(run);
    runs
}

/// Joins the runs with the least space between them until there are no more than `most`.
pub(crate) fn at_most(runs: Vec<Range<usize>>, most: usize) -> Vec<Range<usize>> {
    let excess = runs.len().saturating_sub(most);
    let mut gaps: Vec<(usize, usize)> = runs
        .windows(2)
        .enumerate()
        .map(|(index, pair)| (pair[1].start - pair[0].end, index + 1))
        .collect();
    gaps.sort_unstable();
    let mut is_joined = vec![false; runs.len()];
    for &(_, index) in gaps.iter().take(excess) {
        is_joined[index] = true;
    }
    let mut joined: Vec<Range<usize>> = Vec::new();
    for (run, is_joined) in runs.into_iter().zip(is_joined) {
        match joined.last_mut() {
            Some(last) if is_joined => last.end = run.end,
            _ => joined.push(run),
        }
    }
    joined
}
