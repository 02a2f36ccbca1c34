//! Stands in for the interpreter, the optimizer and the ahead-of-time compiler of a build, so that
//! a test decides what they answer and sees what they were asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use pywasm_interpreter::{
    AotCompiler, Command, EngineInfo, Exit, Frame, Image, Interpreter, InterpreterError, Level, Machine,
    Notice, NoticeKind, Optimizer, Preset, Rehearsal, Snapshot, ToolError, Verdict,
};

/// The module whose code is compiled to nothing but its own text, so that a test finds the text in
/// the artifact: the constant of each code object is the source that it was compiled from.
type Hook = Box<dyn Fn(&str) + Send + Sync>;

/// Answers as an interpreter would that runs nothing.
#[derive(Default)]
pub struct TestInterpreter {
    notices: Vec<Notice>,
    failing: BTreeMap<String, String>,
    on_compile: Option<Hook>,
    compiled: Mutex<Vec<String>>,
    starts: Mutex<Vec<bool>>,
    runs: AtomicUsize,
}

impl TestInterpreter {
    /// Lets a rehearsal notice something at a line of a file.
    #[must_use]
    pub fn noticing(mut self, file: &str, line: u32, kind: NoticeKind, what: &str) -> Self {
        self.notices.push(Notice {
            kind,
            what: what.to_owned(),
            stack: vec![Frame {
                file: file.to_owned(),
                line,
                function: "<module>".to_owned(),
                body: None,
            }],
        });
        self
    }

    /// Lets the import of a module by the smoke test fail with a traceback.
    #[must_use]
    pub fn failing(mut self, module: &str, traceback: &str) -> Self {
        self.failing.insert(module.to_owned(), traceback.to_owned());
        self
    }

    /// Calls `hook` with the guest's path of each source before it is compiled.
    #[must_use]
    pub fn on_compile(mut self, hook: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_compile = Some(Box::new(hook));
        self
    }

    /// The guest's paths of the sources that were compiled, in order.
    pub fn compiled(&self) -> Vec<String> {
        locked(&self.compiled).clone()
    }

    /// Whether each start rehearsed the program, in order.
    pub fn starts(&self) -> Vec<bool> {
        locked(&self.starts).clone()
    }

    /// How many programs ran.
    pub fn runs(&self) -> usize {
        self.runs.load(Ordering::Relaxed)
    }

    fn compile_batch(&self, batch: &[u8]) -> Vec<u8> {
        let mut answers = b"PYWASMBC".to_vec();
        push_integer(&mut answers, 1);
        push_block(&mut answers, &MAGIC);
        let mut requests = Reader(batch);
        while !requests.0.is_empty() {
            let _flags = requests.integer();
            let path = String::from_utf8_lossy(requests.block()).into_owned();
            let source = requests.block();
            if let Some(hook) = &self.on_compile {
                hook(&path);
            }
            locked(&self.compiled).push(path.clone());
            let (warnings, outcome) = (0, 0);
            push_integer(&mut answers, warnings);
            push_integer(&mut answers, outcome);
            push_block(&mut answers, &code(&path, source));
        }
        answers
    }
}

impl Interpreter for TestInterpreter {
    fn compile_version(&self) -> u32 {
        1
    }

    fn compile(
        &self,
        _base: &[u8],
        _stdlib: &Path,
        batches: Vec<Vec<u8>>,
    ) -> Result<Vec<Vec<u8>>, InterpreterError> {
        Ok(batches.iter().map(|batch| self.compile_batch(batch)).collect())
    }

    fn snapshot(
        &self,
        twin: &[u8],
        image: Image<'_>,
        rehearsal: Option<Arc<dyn Rehearsal>>,
    ) -> Result<Snapshot, InterpreterError> {
        locked(&self.starts).push(rehearsal.is_some());
        let stops = |rehearsal: &Arc<dyn Rehearsal>, notice: &Notice| {
            rehearsal.judge(notice, &BTreeSet::new()) == Verdict::Stop
        };
        let stop = rehearsal.and_then(|rehearsal| {
            let mut notices = self.notices.iter();
            notices.find(|notice| stops(&rehearsal, notice)).cloned()
        });
        let placed = pywasm_object::place(twin, image.export, image.bytes).expect("the image can be placed");
        Ok(Snapshot {
            memory: crate::seen::see(&placed).memory,
            stop,
            fallback: None,
            modules: Vec::new(),
            live_bytes: 1,
            heap_bytes: 2,
            objects: None,
            stdout: Vec::new(),
            stderr: Vec::new(),
        })
    }

    /// Reports as the smoke test's program does: each module that it begins to import, those that
    /// fail, and the end.
    fn run(&self, _module: &[u8], _command: &Command, _preset: Preset<'_>) -> Result<Exit, InterpreterError> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        let failed = self
            .failing
            .iter()
            .map(|(module, traceback)| format!("\0{module}\n\x01{module}\n{traceback}\n"));
        let stderr: String = failed.chain(["\0\n".to_owned()]).collect();
        Ok(Exit {
            code: 0,
            stdout: Vec::new(),
            stderr: stderr.into_bytes(),
        })
    }
}

/// Gives each module back as it is, and counts.
#[derive(Default)]
pub struct TestOptimizer {
    optimized: AtomicUsize,
}

impl TestOptimizer {
    /// How many modules were optimized.
    pub fn optimized(&self) -> usize {
        self.optimized.load(Ordering::Relaxed)
    }
}

impl Optimizer for TestOptimizer {
    fn version(&self) -> u32 {
        1
    }

    fn optimize(&self, module: &[u8], _level: Level, _features: &[String]) -> Result<Vec<u8>, ToolError> {
        self.optimized.fetch_add(1, Ordering::Relaxed);
        Ok(module.to_vec())
    }
}

/// Gives a text in the place of machine code.
#[derive(Default)]
pub struct TestAotCompiler;

impl AotCompiler for TestAotCompiler {
    fn version(&self) -> u32 {
        1
    }

    fn engine(&self) -> EngineInfo {
        EngineInfo {
            name: "test".to_owned(),
            version: "1".to_owned(),
        }
    }

    fn settings(&self, _machine: &Machine) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    fn compile(&self, module: &[u8], _machine: &Machine) -> Result<Vec<u8>, ToolError> {
        Ok(format!("machine code of {} bytes", module.len()).into_bytes())
    }
}

/// A panic in a test must not hide behind another one.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// CPython 3.13's.
const MAGIC: [u8; 4] = [0xf3, 0x0d, b'\r', b'\n'];

/// A marshalled code object that does nothing; its constant is the source.
fn code(path: &str, source: &[u8]) -> Vec<u8> {
    const NO_BYTES: &[u8] = b"s\0\0\0\0";
    const EMPTY: &[u8] = b")\0";
    let bytes = |code: u8, content: &[u8]| {
        let length = u32::try_from(content.len()).expect("a test's source is short");
        [&[code][..], &length.to_le_bytes(), content].concat()
    };
    let mut stream = vec![b'c'];
    // The counts of arguments and locals, the size of the stack, the flags.
    stream.extend([0; 20]);
    // RESUME, RETURN_CONST.
    stream.extend(bytes(b's', b"\x95\0g\0"));
    stream.extend([b')', 1]);
    stream.extend(bytes(b's', source));
    // The names, and the local variables with their kinds.
    stream.extend([EMPTY, EMPTY, NO_BYTES].concat());
    for name in [path, "<module>", "<module>"] {
        stream.extend(bytes(b'u', name.as_bytes()));
    }
    stream.extend(1_u32.to_le_bytes());
    // The tables of lines and exceptions.
    stream.extend([NO_BYTES, NO_BYTES].concat());
    stream
}

fn push_integer(out: &mut Vec<u8>, value: u64) {
    out.extend(value.to_le_bytes());
}

fn push_block(out: &mut Vec<u8>, bytes: &[u8]) {
    push_integer(out, bytes.len() as u64);
    out.extend(bytes);
}

/// Reads what `pywasm_bundle::bytecode` wrote.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn integer(&mut self) -> u64 {
        let (bytes, rest) = self.0.split_first_chunk().expect("the requests are whole");
        self.0 = rest;
        u64::from_le_bytes(*bytes)
    }

    fn block(&mut self) -> &'a [u8] {
        let length = usize::try_from(self.integer()).expect("a test's source is short");
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        bytes
    }
}
