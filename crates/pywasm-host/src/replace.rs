//! Replaces files and folders in one step: the content is written next to its target and then
//! renamed. So a reader finds either the earlier content or the new one, never a part.
//!
//! Nothing is synchronized to the disk. Everything that pywasm writes can be made again, and readers
//! of a cache check its digests, so a power failure only costs time.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::unfinished::{PREFIX, WorkFolder, claim, create_locked};

/// Who may read a new file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only the user; for caches.
    Owner,
    /// Everybody, as far as the user's umask allows; for results.
    Umask,
}

/// A file that does not have its final name yet. Dropping it deletes it.
#[derive(Debug)]
pub struct FreshFile(NamedTempFile);

impl FreshFile {
    /// Starts a file in the folder of its target.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn create_in(folder: &Path, access: Access) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        #[cfg(unix)]
        if access == Access::Umask {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        create_locked(folder, || {
            let file = builder.tempfile_in(folder)?;
            Ok(claim(file.as_file(), file.path()).then_some(Self(file)))
        })
    }

    /// Its temporary path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The open file.
    pub fn file_mut(&mut self) -> &mut File {
        self.0.as_file_mut()
    }

    /// Gives the file its final name, and replaces a file that has it.
    ///
    /// # Errors
    /// When the operating system refuses. The earlier file is then unchanged.
    pub fn persist(self, target: &Path) -> io::Result<()> {
        self.0.persist(target).map(|_| ()).map_err(|error| error.error)
    }
}

impl Write for FreshFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A folder that does not have its final name yet. Dropping it deletes it.
#[derive(Debug)]
pub struct FreshFolder {
    outer: WorkFolder,
    path: PathBuf,
}

impl FreshFolder {
    /// Starts a folder next to its target.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn create_in(parent: &Path, access: Access) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        if access == Access::Umask {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let outer = WorkFolder::build_in(parent, &builder)?;
        let path = outer.path().join("new");
        fs::create_dir(&path)?;
        Ok(Self { outer, path })
    }

    /// The temporary path for the content.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the folder its final name, and removes what has that name.
    ///
    /// # Errors
    /// When the operating system refuses. The earlier content is then unchanged.
    pub fn replace(self, target: &Path) -> io::Result<()> {
        if exchange(&self.path, target) {
            return Ok(());
        }
        // A rename cannot replace a folder that is not empty.
        let aside = self.outer.path().join("old");
        let was_there = match fs::rename(target, &aside) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if let Err(error) = fs::rename(&self.path, target) {
            if was_there {
                let _best_effort = fs::rename(&aside, target);
            }
            return Err(error);
        }
        Ok(())
    }
}

/// Gives two folders each other's name in one step; `false` where one of them does not exist, or the
/// system or its file system cannot.
fn exchange(one: &Path, other: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (one, other);
        false
    }
}

/// Replaces a file of the user. A link stays a link, and the mode of an earlier file is kept.
///
/// # Errors
/// When the operating system refuses. The earlier file is then unchanged.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut file = FreshFile::create_in(folder_of(&path), Access::Umask)?;
    if let Ok(earlier) = fs::metadata(&path) {
        file.file_mut().set_permissions(earlier.permissions())?;
    }
    file.write_all(bytes)?;
    file.persist(&path)
}

/// Writes a file that only the user may read from its parts, and creates its folder.
///
/// # Errors
/// When the operating system refuses. The earlier file is then unchanged.
pub fn write_file(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    let mut file = FreshFile::create_in(folder, Access::Owner)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.persist(path)
}

/// Copies the content of a file to one that only the user may read, and creates its folder.
///
/// # Errors
/// When the operating system refuses. The earlier target is then unchanged.
pub fn copy_file(from: &Path, target: &Path) -> io::Result<()> {
    let folder = folder_of(target);
    fs::create_dir_all(folder)?;
    let mut copy = FreshFile::create_in(folder, Access::Owner)?;
    io::copy(&mut File::open(from)?, copy.file_mut())?;
    copy.persist(target)
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_or_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        replace_file(&path, b"one").expect("written");
        let mut dropped = FreshFile::create_in(folder.path(), Access::Umask).expect("begun");
        dropped.write_all(b"half").expect("written");
        drop(dropped);
        assert_eq!(fs::read(&path).expect("is there"), b"one");
        replace_file(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("is there"), b"two");
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_modes_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&path, "one").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        replace_file(&link, b"two").expect("replaced");
        assert!(link.is_symlink());
        assert_eq!(fs::read(&path).expect("is there"), b"two");
        let mode = |path: &Path| fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o640);
        let kept = folder.path().join("cache/kept");
        write_file(&kept, &[b"o", b"ne"]).expect("written");
        assert_eq!(mode(&kept), 0o600);
        copy_file(&path, &kept).expect("copied");
        assert_eq!(fs::read(&kept).expect("is there"), b"two");
    }

    #[test]
    fn a_folder_with_content_is_replaced() {
        let parent = tempfile::tempdir().expect("a folder");
        let target = parent.path().join("folder");
        for content in ["one", "two"] {
            let fresh = FreshFolder::create_in(parent.path(), Access::Umask).expect("begun");
            fs::write(fresh.path().join(content), content).expect("written");
            fresh.replace(&target).expect("replaced");
            assert_eq!(names(&target), [content]);
        }
        assert_eq!(names(parent.path()), ["folder"]);
    }
}
