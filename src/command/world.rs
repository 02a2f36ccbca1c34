//! Defines the options of `run`, `bench` and `trace` for folders and environment variables that a
//! program sees.

use std::path::PathBuf;

use clap::Args;
use pywasm_engine::Mount;

use crate::failure::CommandError;

/// What a program is given.
#[derive(Args, Debug)]
pub(crate) struct World {
    /// Mount a folder of this machine; GUEST is HOST unless it is given
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    dirs: Vec<String>,
    /// Set an environment variable of the program
    #[arg(long = "env", value_name = "KEY=VALUE")]
    env: Vec<String>,
}

impl World {
    /// The folders.
    pub(crate) fn mounts(&self) -> anyhow::Result<Vec<Mount>> {
        self.dirs.iter().map(|text| mount(text)).collect()
    }

    /// The environment: nothing but what is named.
    pub(crate) fn variables(&self) -> anyhow::Result<Vec<(String, String)>> {
        self.env.iter().map(|text| variable(text)).collect()
    }
}

fn variable(text: &str) -> anyhow::Result<(String, String)> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(CommandError::usage(format!("--env {text}: this has no `KEY=`"))
            .with_hint("write --env KEY=VALUE; nothing is taken over from the environment")
            .into()),
    }
}

fn mount(text: &str) -> anyhow::Result<Mount> {
    let (host, guest) = text.split_once("::").unwrap_or((text, text));
    if host.is_empty() || guest.is_empty() {
        let error = CommandError::usage(format!("--dir {text}: a folder's name is empty"));
        return Err(error
            .with_hint("write --dir HOST::GUEST, such as --dir .::/work")
            .into());
    }
    Ok(Mount {
        host: PathBuf::from(host),
        guest: guest.to_owned(),
        writable: true,
    })
}
