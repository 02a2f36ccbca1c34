// Builds the program in `app.py`, writes the artifact into `dist/` and runs it.

use std::process::ExitCode;

use pywasm::{BuildOptions, Builder, Command, Error};

fn main() -> Result<ExitCode, Error> {
    let options = BuildOptions {
        exclude: vec!["unittest".to_owned()],
        ..BuildOptions::default()
    };
    let builder = Builder::from_env()?;
    let prepared = builder.prepare("app.py", &options)?;
    let artifact = builder.build(&prepared)?;
    artifact.write_to("dist")?;
    let command = Command {
        args: vec!["app".to_owned(), "world".to_owned()],
        ..Command::default()
    };
    let exit = builder.run(artifact.module(), &command)?;
    Ok(ExitCode::from(u8::try_from(exit.code).unwrap_or(1)))
}
