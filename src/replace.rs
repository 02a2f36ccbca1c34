//! A path and bytes in, a file with them out: it is there at any time, as it was or as it will be.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

/// Writes a file, or its content anew; through a link, if it is one.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pywasm-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Less the user's umask, as for any file that a program writes.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    if let Ok(earlier) = fs::metadata(&path) {
        file.as_file().set_permissions(earlier.permissions())?;
    }
    file.write_all(bytes)?;
    file.persist(&path)?;
    Ok(())
}
