//! Measures what is left for each start of an artifact: the module in, the time to its first output
//! or its end out. The program runs without arguments, variables, folders and input, and what it
//! would print goes nowhere.

use std::{
    sync::mpsc,
    time::{Duration, Instant},
};

use pywasm_engine::{Command, Engine, Error, Input, Loaded, Output};
use serde::Serialize;

/// So many starts are measured, as long as they are quick. The least time counts.
const RUNS: usize = 5;

/// After this time no further start is measured.
const ENOUGH: Duration = Duration::from_secs(1);

/// A program that has not come to anything by then is left alone.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a start takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StartTime {
    /// From the first instruction on, under the embedded wasmtime on this machine. `None`: more
    /// than 10 s.
    pub milliseconds: Option<f64>,
    /// To what.
    pub to: StartEnd,
}

/// What ends a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartEnd {
    /// The program is over before it writes anything.
    End,
    /// The program writes to standard output or standard error.
    Output,
    /// The functions of a component that is no command can be called.
    Ready,
}

impl StartTime {
    /// Says it in a sentence.
    #[must_use]
    pub fn render(&self) -> String {
        let what = match self.to {
            StartEnd::End => "its end",
            StartEnd::Output => "its first output",
            StartEnd::Ready => "the point where its functions can be called",
        };
        match self.milliseconds {
            Some(milliseconds) => format!("A start takes {milliseconds:.2} ms to {what} on this machine.\n"),
            None => format!("A start takes more than {} s to {what}.\n", PATIENCE.as_secs()),
        }
    }
}

/// Starts a program a few times. `name` becomes its `argv[0]`.
///
/// # Errors
/// When it cannot be started. A trap is an end like any other.
pub fn measure_start(engine: &Engine, program: &Loaded, name: &str) -> Result<StartTime, Error> {
    let command = Command {
        args: vec![name.to_owned()],
        input: Input::Bytes(Vec::new()),
        output: Output::End,
        ..Command::default()
    };
    let (sender, receiver) = mpsc::channel();
    let (engine, program) = (engine.clone(), program.clone());
    // A program that never ends cannot be stopped; its thread ends with the process.
    std::thread::spawn(move || {
        let begin = Instant::now();
        let mut best: Option<(Duration, StartEnd)> = None;
        for _ in 0..RUNS {
            let start = Instant::now();
            let ended = match &program {
                Loaded::Module(program) => program.run(&engine, &command).map(|_| StartEnd::End),
                Loaded::Component(component) => component.start(&engine, &command).map(|()| StartEnd::Ready),
            };
            let end = match ended {
                Ok(end) => end,
                Err(Error::Trap(_)) => StartEnd::End,
                Err(Error::Written) => StartEnd::Output,
                Err(error) => {
                    let _gone = sender.send(Err(error));
                    return;
                }
            };
            let took = start.elapsed();
            if best.is_none_or(|(least, _)| took < least) {
                best = Some((took, end));
            }
            if begin.elapsed() > ENOUGH {
                break;
            }
        }
        let _gone = sender.send(Ok(best));
    });
    let best = receiver.recv_timeout(PATIENCE).unwrap_or(Ok(None))?;
    Ok(StartTime {
        milliseconds: best.map(|(took, _)| took.as_secs_f64() * 1e3),
        to: best.map_or(StartEnd::Output, |(_, end)| end),
    })
}
