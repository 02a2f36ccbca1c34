//! Parses the messages that the guest's runtime writes to the notice channel.

/// A line of the notice channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// The guest read a variable of the environment, or all of it.
    Environment(String),
    /// The guest read the arguments.
    Argv,
    /// The guest drew random numbers from its own generator, which the host seeded.
    Entropy(String),
    /// The guest opened a file of the image with this descriptor.
    Open(u32, String),
    /// The guest closed the descriptor.
    Close(u32),
    /// The guest renews the state of this module at each start.
    Renewed(String),
    /// The bytes of the heap that are in use.
    Live(u64),
    /// The size of the heap in bytes.
    Heap(u64),
    /// The snapshot contains this module.
    Module(String),
}

/// Parses the messages in `text`, one in each line.
///
/// # Errors
/// The line that is not a message.
pub(super) fn parse(text: &[u8]) -> Result<Vec<Message>, String> {
    text.split_inclusive(|&byte| byte == b'\n')
        .map(|line| message(line).ok_or_else(|| String::from_utf8_lossy(line).into_owned()))
        .collect()
}

fn message(line: &[u8]) -> Option<Message> {
    let line = str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let (word, rest) = line.split_once('\t')?;
    let name = || (!rest.is_empty()).then(|| rest.to_owned());
    Some(match word {
        "environment" => Message::Environment(rest.to_owned()),
        "argv" if rest.is_empty() => Message::Argv,
        "entropy" => Message::Entropy(name()?),
        "open" => {
            let (descriptor, path) = rest.split_once('\t')?;
            Message::Open(descriptor.parse().ok()?, path.to_owned())
        }
        "close" => Message::Close(rest.parse().ok()?),
        "renewed" => Message::Renewed(name()?),
        "live" => Message::Live(rest.parse().ok()?),
        "heap" => Message::Heap(rest.parse().ok()?),
        "module" => Message::Module(name()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Message, parse};

    #[test]
    fn each_line_is_a_message() {
        let text =
            b"environment\t\nenvironment\tHOME\nargv\t\nentropy\trandom\nopen\t9\t/pywasm/a b\tc\nclose\t9\n\
            renewed\trandom\nlive\t12\nheap\t18446744073709551615\nmodule\tjson.decoder\n";
        assert_eq!(
            parse(text),
            Ok(vec![
                Message::Environment(String::new()),
                Message::Environment("HOME".to_owned()),
                Message::Argv,
                Message::Entropy("random".to_owned()),
                Message::Open(9, "/pywasm/a b\tc".to_owned()),
                Message::Close(9),
                Message::Renewed("random".to_owned()),
                Message::Live(12),
                Message::Heap(u64::MAX),
                Message::Module("json.decoder".to_owned()),
            ])
        );
    }

    #[test]
    fn anything_else_is_named() {
        for bad in [
            "argv\t",
            "argv\n",
            "argv\tx\n",
            "entropy\t\n",
            "open\t9\n",
            "open\t-9\tx\n",
            "close\t\n",
            "live\t18446744073709551616\n",
            "module\t\n",
            "renewed\t\n",
            "other\tx\n",
            "\n",
        ] {
            assert_eq!(parse(bad.as_bytes()), Err(bad.to_owned()));
        }
    }
}
