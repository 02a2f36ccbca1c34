//! Parses the Python stack that `pywasm_where` writes.

use pywasm_interpreter::{Frame, ModuleBody};

/// Parses the frames in `text`, the innermost first. A text that is `cut` off may end within a line,
/// which is then ignored.
///
/// # Errors
/// The line that is not a frame.
pub(super) fn parse(text: &[u8], cut: bool) -> Result<Vec<Frame>, String> {
    let whole = match text.iter().rposition(|&byte| byte == b'\n') {
        _ if !cut => text,
        Some(end) => &text[..=end],
        None => &[],
    };
    whole
        .split_inclusive(|&byte| byte == b'\n')
        .map(|line| frame(line).ok_or_else(|| String::from_utf8_lossy(line).into_owned()))
        .collect()
}

fn frame(line: &[u8]) -> Option<Frame> {
    let line = str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    // Splits from the end, since the name of a file may contain tabs.
    let mut fields = line.rsplitn(6, '\t');
    let (importing, step, module) = (fields.next()?, fields.next()?, fields.next()?);
    let (function, line, file) = (fields.next()?, fields.next()?, fields.next()?);
    let line: i32 = line.parse().ok()?;
    let step: i32 = step.parse().ok()?;
    let bits: u8 = importing.parse().ok().filter(|bits| *bits < 4)?;
    // Without a step, nothing can go on from this body.
    let step = step.try_into().ok().filter(|_| !module.is_empty());
    Some(Frame {
        file: file.to_owned(),
        // CPython uses -1 for instructions without a line.
        line: line.try_into().unwrap_or(0),
        function: function.to_owned(),
        body: step.map(|step| ModuleBody {
            module: module.to_owned(),
            step,
            is_importing: bits == 3,
            is_found_again: bits & 2 != 0,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::{Frame, ModuleBody, parse};

    fn frame(file: &str, line: u32, function: &str) -> Frame {
        Frame {
            file: file.to_owned(),
            line,
            function: function.to_owned(),
            body: None,
        }
    }

    #[test]
    fn each_line_is_a_frame() {
        let text = "/pywasm/app/a.py\t3\tstraße\t\t-1\t0\n<frozen x>\t0\t<module>\tx.y\t7\t3\n\
            a\tb.py\t-1\tf\tz\t-1\t3\n";
        assert_eq!(
            parse(text.as_bytes(), false),
            Ok(vec![
                frame("/pywasm/app/a.py", 3, "straße"),
                Frame {
                    body: Some(ModuleBody {
                        module: "x.y".to_owned(),
                        step: 7,
                        is_importing: true,
                        is_found_again: true,
                    }),
                    ..frame("<frozen x>", 0, "<module>")
                },
                frame("a\tb.py", 0, "f"),
            ])
        );
        assert_eq!(parse(b"", false), Ok(vec![]));
    }

    #[test]
    fn the_last_line_of_a_cut_text_may_be_half_a_line() {
        let text = "a.py\t1\tf\t\t-1\t0\nb.py\t2\tstraß";
        let text = &text.as_bytes()[..text.len() - 1];
        assert_eq!(parse(text, true), Ok(vec![frame("a.py", 1, "f")]));
        assert_eq!(parse(b"a.py\t1", true), Ok(vec![]));
        assert_eq!(
            parse(b"a.py\t1\tf\t\t-1\t0\n", true),
            Ok(vec![frame("a.py", 1, "f")])
        );
    }

    #[test]
    fn anything_else_is_named() {
        for bad in [
            "a.py\t1\tf\t\t-1\t0",
            "\n",
            "a.py\n",
            "a.py\t1\tf\n",
            "a.py\t\tf\t\t-1\t0\n",
            "a.py\tone\tf\t\t-1\t0\n",
            "a.py\t1\tf\t\t-1\t\n",
            "a.py\t1\tf\t\tx\t0\n",
            "a.py\t1\tf\t\t-1\t4\n",
            "a.py\t2147483648\tf\t\t-1\t0\n",
        ] {
            assert_eq!(parse(bad.as_bytes(), false), Err(bad.to_owned()));
        }
        assert!(parse(b"\xff\t1\tf\t\t-1\t0\n", false).is_err());
        assert!(parse(b"x\n", true).is_err());
    }
}
