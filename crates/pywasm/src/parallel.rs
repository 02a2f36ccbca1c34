//! Tells how many builds fit on this machine at a time.

use std::{fs, thread};

/// The memory that a build is counted with, in bytes: more than the largest measured build took.
const BUILD_MEMORY: u64 = 1 << 30;

/// Counts the builds that fit on this machine at a time: one for each processor, and no more than
/// there is memory for.
#[must_use]
pub fn fitting_builds() -> usize {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").ok();
    let builds = memory.as_deref().and_then(parse_available).map(|bytes| {
        // More would not fit into a usize only where the processors are fewer anyway.
        usize::try_from(bytes / BUILD_MEMORY).unwrap_or(usize::MAX)
    });
    processors.min(builds.unwrap_or(usize::MAX)).max(1)
}

/// Reads the bytes of available memory from the text of `/proc/meminfo`.
fn parse_available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_memory_is_read_from_linux() {
        let text = "MemTotal:  100 kB\nMemAvailable:    2048 kB\n";
        assert_eq!(parse_available(text), Some(2 << 20));
        assert_eq!(parse_available("MemAvailable: 99999999999999999999 kB\n"), None);
        assert_eq!(parse_available(""), None);
    }
}
