//! Opens the key that signs a release. Its password comes from the environment or from the terminal.

use std::{env, fs, io::IsTerminal as _, path::Path};

use anyhow::Context as _;
use pywasm_release::signature::SecretKey;

use crate::{exit::Usage, failure::CommandError};

const PASSWORD: &str = "PYWASM_SIGNING_PASSWORD";

pub(crate) fn key(file: &Path) -> anyhow::Result<SecretKey> {
    let name = file.display();
    let text = fs::read_to_string(file)
        .with_context(|| format!("cannot read the key {name}"))
        .map_err(Usage::mark)?;
    SecretKey::open(&text, || password(file))?
        .with_context(|| format!("cannot sign with {name}"))
        .map_err(Usage::mark)
}

fn password(file: &Path) -> anyhow::Result<String> {
    let name = file.display();
    match env::var(PASSWORD) {
        Ok(password) => Ok(password),
        Err(_) if std::io::stdin().is_terminal() => {
            rpassword::prompt_password(format!("Password of {name}: ")).context("cannot ask for the password")
        }
        Err(_) => Err(CommandError::usage(format!("the key {name} has a password"))
            .with_hint(format!("set {PASSWORD}, or run pywasm on a terminal"))
            .into()),
    }
}
