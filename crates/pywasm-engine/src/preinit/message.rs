//! Parses the messages that the guest's runtime writes to the notice channel.

/// A line of the notice channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// The guest read a variable of the environment, or all of it.
    Environment(String),
    /// The guest read the arguments.
    Argv,
    /// The guest looked for this path, which no folder has.
    Missing(String),
    /// The guest did something else with this path that would be a file of the host.
    File(String),
    /// What the guest was to renew of this module is not there.
    Stale(String),
    /// The guest drew random numbers from its own generator, which the host seeded.
    Entropy(String),
    /// The program's first statement is next.
    Begin,
    /// An exception of this type left the program.
    Raised(String),
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
        "missing" => Message::Missing(name()?),
        "file" => Message::File(name()?),
        "stale" => Message::Stale(name()?),
        "entropy" => Message::Entropy(name()?),
        "begin" if rest.is_empty() => Message::Begin,
        "raised" => Message::Raised(name()?),
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
        let text = b"environment\t\nenvironment\tHOME\nmissing\t/a b\nfile\t/\nstale\tx\nargv\t\nentropy\trandom\nbegin\t\nraised\tKeyError\n\
            renewed\trandom\nlive\t12\nheap\t18446744073709551615\nmodule\tjson.decoder\n";
        assert_eq!(
            parse(text),
            Ok(vec![
                Message::Environment(String::new()),
                Message::Environment("HOME".to_owned()),
                Message::Missing("/a b".to_owned()),
                Message::File("/".to_owned()),
                Message::Stale("x".to_owned()),
                Message::Argv,
                Message::Entropy("random".to_owned()),
                Message::Begin,
                Message::Raised("KeyError".to_owned()),
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
            "begin\n",
            "begin\tx\n",
            "raised\t\n",
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
