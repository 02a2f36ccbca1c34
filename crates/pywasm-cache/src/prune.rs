//! Keeps a cache on this machine below a size: the files that nobody has used for the longest time go.
//!
//! A file's time of modification says when it was last used ([`mark_used`]). The program looks at the
//! folders once an hour, since a cache has thousands of files.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::write_cached;

/// How exact a file's last use is known, and how often the folders are looked at.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The file in a cache's folder whose time says when the folder was last looked at.
const STAMP: &str = "pruned";

/// Records that a file of a cache was used. A file that cannot be changed keeps its time.
pub fn mark_used(path: &Path) {
    if fs::metadata(path).is_ok_and(|metadata| is_older(&metadata, INTERVAL)) {
        let file = File::options().append(true).open(path);
        let _only_ages = file.and_then(|file| file.set_modified(SystemTime::now()));
    }
}

/// Whether a file's time is so long ago, or as far ahead: a clock that was wrong must not keep files
/// for years.
fn is_older(metadata: &fs::Metadata, age: Duration) -> bool {
    let distance = |time: SystemTime| time.elapsed().unwrap_or_else(|ahead| ahead.duration());
    metadata.modified().is_ok_and(|time| distance(time) >= age)
}

/// Brings the files of some folders of a cache down to `limit` bytes, at most once an hour. What was
/// used in the last hour stays, so that no build loses what it has just made.
///
/// Returns the number of bytes that were removed.
///
/// # Errors
/// When the cache's folder cannot be written.
pub fn prune(cache: &Path, folders: &[&str], limit: u64) -> io::Result<u64> {
    let stamp = cache.join(STAMP);
    if fs::metadata(&stamp).is_ok_and(|metadata| !is_older(&metadata, INTERVAL)) {
        return Ok(0);
    }
    write_cached(&stamp, &[])?;
    let mut files = Vec::new();
    for folder in folders {
        collect(&cache.join(folder), &mut files);
    }
    Ok(remove_oldest(files, limit))
}

/// A file of a cache.
struct Entry {
    used: SystemTime,
    path: PathBuf,
    bytes: u64,
    is_old: bool,
}

fn collect(folder: &Path, files: &mut Vec<Entry>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // Of a link, this is the link itself: what it leads to is not the cache's.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() {
            collect(&path, files);
        } else if let (true, Ok(used)) = (metadata.is_file(), metadata.modified()) {
            let is_ahead = used > SystemTime::now() + INTERVAL;
            files.push(Entry {
                used: if is_ahead { SystemTime::UNIX_EPOCH } else { used },
                path,
                bytes: metadata.len(),
                is_old: is_older(&metadata, INTERVAL),
            });
        }
    }
}

fn remove_oldest(mut files: Vec<Entry>, limit: u64) -> u64 {
    files.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
    let mut total: u64 = files.iter().map(|entry| entry.bytes).sum();
    let mut removed = 0;
    for entry in files.iter().filter(|entry| entry.is_old) {
        if total <= limit {
            break;
        }
        if fs::remove_file(&entry.path).is_ok() {
            total -= entry.bytes;
            removed += entry.bytes;
        }
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, hours: u64) {
        fs::create_dir_all(path.parent().expect("has a folder")).expect("makes a folder");
        fs::write(path, [0; 10]).expect("writes");
        let used = SystemTime::now() - Duration::from_secs(hours * 60 * 60 + 60);
        let file = File::options().append(true).open(path).expect("opens");
        file.set_modified(used).expect("sets the time");
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        write(&at("stages/shake/oldest"), 9);
        write(&at("stages/shake/read"), 8);
        write(&at("machine-code/old"), 7);
        write(&at("machine-code/new"), 2);
        write(&at("machine-code/now"), 0);
        write(&at("wheels/other"), 20);
        mark_used(&at("stages/shake/read"));

        let removed = prune(folder.path(), &["stages", "machine-code"], 30).expect("prunes");
        assert_eq!(removed, 20);
        let left = [
            "stages/shake/read",
            "machine-code/new",
            "machine-code/now",
            "wheels/other",
        ];
        assert!(left.iter().all(|name| at(name).is_file()));
        assert!(!at("stages/shake/oldest").exists() && !at("machine-code/old").exists());

        // The next look is an hour away, and what was just used stays even then.
        assert_eq!(prune(folder.path(), &["machine-code"], 0).expect("prunes"), 0);
        write(&at(STAMP), 1);
        assert_eq!(
            prune(folder.path(), &["stages", "machine-code"], 0).expect("prunes"),
            10
        );
        assert!(at("stages/shake/read").is_file() && at("machine-code/now").is_file());
    }

    #[test]
    fn times_ahead_keep_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let ahead = SystemTime::now() + Duration::from_secs(365 * 24 * 60 * 60);
        for name in ["stages/unused", "stages/read", STAMP] {
            write(&at(name), 0);
            let file = File::options().append(true).open(at(name)).expect("opens");
            file.set_modified(ahead).expect("sets the time");
        }
        mark_used(&at("stages/read"));
        assert_eq!(prune(folder.path(), &["stages"], 0).expect("prunes"), 10);
        assert!(at("stages/read").is_file() && !at("stages/unused").exists());
        assert_eq!(prune(folder.path(), &["stages"], 0).expect("prunes"), 0);
    }

    #[test]
    fn a_cache_that_is_not_there_has_nothing_to_remove() {
        let folder = tempfile::tempdir().expect("a folder");
        let removed = prune(&folder.path().join("cache"), &["stages"], 0);
        assert_eq!(removed.expect("prunes"), 0);
    }
}
