//! Reads the files of a `*.dist-info` folder: the headers of `METADATA` and `WHEEL`, and the
//! sections of `entry_points.txt`.

/// All values of the header `name`, in the order of the file. The headers end at the first
/// empty line; lines that begin with white space go on with the one before.
pub(crate) fn headers<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = String> + 't {
    let head = text.lines().take_while(|line| !line.trim().is_empty());
    let mut folded: Vec<String> = Vec::new();
    for line in head {
        match folded.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => folded.push(line.to_owned()),
        }
    }
    folded.into_iter().filter_map(move |line| {
        let (key, value) = line.split_once(':')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

/// The first value of a header.
pub(crate) fn header(text: &str, name: &str) -> Option<String> {
    headers(text, name).next()
}

/// Section, key and value of each line of an `entry_points.txt`.
pub(crate) fn sections(text: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim().to_owned();
        } else if let Some((key, value)) = line.split_once('=') {
            found.push((section.clone(), key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
}
