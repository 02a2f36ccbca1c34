//! Makes guest modules that run a list of steps when they are started at build time.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use pywasm_engine::{Engine, Error, Image, Notice, Rehearsal, Renewal, Snapshot, Verdict, snapshot};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, InstructionSink, MemArg, MemorySection, MemoryType, Module,
    TypeSection, ValType,
};

/// Where steps may put their own bytes: the first page.
pub(crate) const OWN: u32 = 0x100;
/// Where the message stands that begins the program.
const BEGIN: u32 = 0xf000;
/// Where `pywasm_scratch` says that its buffer is: the second page.
pub(crate) const SCRATCH: u32 = 0x1_0000;
/// Where the answers of the calls are, a word each: the third page.
const ANSWERS: u32 = 0x2_0000;
/// Length and bytes of what `pywasm_where` writes: the fourth and fifth page.
const PLACE: u32 = 0x3_0000;
/// All pages.
pub(crate) const PAGES: u32 = 5;
pub(crate) const END: u32 = PAGES << 16;

pub(crate) const WASI: &str = "wasi_snapshot_preview1";

/// Every function of WASI preview 1 with its parameters: `i` for i32, `I` for i64.
pub(crate) const FUNCTIONS: [(&str, &str); 46] = [
    ("args_get", "ii"),
    ("args_sizes_get", "ii"),
    ("environ_get", "ii"),
    ("environ_sizes_get", "ii"),
    ("clock_res_get", "ii"),
    ("clock_time_get", "iIi"),
    ("fd_advise", "iIIi"),
    ("fd_allocate", "iII"),
    ("fd_close", "i"),
    ("fd_datasync", "i"),
    ("fd_fdstat_get", "ii"),
    ("fd_fdstat_set_flags", "ii"),
    ("fd_fdstat_set_rights", "iII"),
    ("fd_filestat_get", "ii"),
    ("fd_filestat_set_size", "iI"),
    ("fd_filestat_set_times", "iIIi"),
    ("fd_pread", "iiiIi"),
    ("fd_prestat_get", "ii"),
    ("fd_prestat_dir_name", "iii"),
    ("fd_pwrite", "iiiIi"),
    ("fd_read", "iiii"),
    ("fd_readdir", "iiiIi"),
    ("fd_renumber", "ii"),
    ("fd_seek", "iIii"),
    ("fd_sync", "i"),
    ("fd_tell", "ii"),
    ("fd_write", "iiii"),
    ("path_create_directory", "iii"),
    ("path_filestat_get", "iiiii"),
    ("path_filestat_set_times", "iiiiIIi"),
    ("path_link", "iiiiiii"),
    ("path_open", "iiiiiIIii"),
    ("path_readlink", "iiiiii"),
    ("path_remove_directory", "iii"),
    ("path_rename", "iiiiii"),
    ("path_symlink", "iiiii"),
    ("path_unlink_file", "iii"),
    ("poll_oneoff", "iiii"),
    ("proc_exit", "i"),
    ("proc_raise", "i"),
    ("sched_yield", ""),
    ("random_get", "ii"),
    ("sock_accept", "iii"),
    ("sock_recv", "iiiiii"),
    ("sock_send", "iiiii"),
    ("sock_shutdown", "ii"),
];

/// What an export does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Calls WASI. The answer is kept in the next word of the answers.
    Call(&'static str, Vec<i64>),
    /// Writes bytes.
    Put(u32, Vec<u8>),
    /// What `pywasm_where` writes from now on.
    Place(Vec<u8>),
    /// That it says to have written so many bytes.
    PlaceLength(u32),
    /// Grows the memory by so many pages, whether it succeeds or not.
    Grow(i32),
    /// Takes the steps so many times.
    Repeat(i32, Vec<Step>),
    /// Returns early.
    Return(i32),
    /// Traps.
    Trap,
}

/// A module that keeps to the agreement, unless told otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    pub(crate) snapshot: Vec<Step>,
    pub(crate) settle: Vec<Step>,
    /// What `pywasm_where` does before it writes.
    pub(crate) asked: Vec<Step>,
    /// What `pywasm_objects` does before it returns 0.
    pub(crate) objects: Vec<Step>,
    /// What the module does when it is instantiated.
    pub(crate) start: Option<Vec<Step>>,
    pub(crate) scratch: i32,
    pub(crate) without: Vec<&'static str>,
    /// Exports of another type than agreed.
    pub(crate) mistyped: Vec<&'static str>,
    /// More imports, of type `() -> ()`.
    pub(crate) imports: Vec<(&'static str, &'static str)>,
    pub(crate) pages: u32,
    /// The value of the exported global `image`.
    pub(crate) image: i32,
    answers: u32,
}

/// A guest whose program takes the steps.
pub(crate) fn guest(program: Vec<Step>) -> Guest {
    let text = b"begin\t\n";
    let buffer = [BEGIN + 16, text.len() as u32]
        .into_iter()
        .flat_map(u32::to_le_bytes);
    let mut snapshot = vec![
        Step::Put(BEGIN, buffer.collect()),
        Step::Put(BEGIN + 16, text.to_vec()),
        call("fd_write", &[1000, i64::from(BEGIN), 1, i64::from(BEGIN + 32)]),
    ];
    snapshot.extend(program);
    Guest {
        snapshot,
        settle: Vec::new(),
        asked: Vec::new(),
        objects: Vec::new(),
        start: None,
        scratch: SCRATCH as i32,
        without: Vec::new(),
        mistyped: Vec::new(),
        imports: Vec::new(),
        pages: PAGES,
        image: OWN as i32,
        answers: 0,
    }
}

/// A call.
pub(crate) fn call(name: &'static str, arguments: &[i64]) -> Step {
    Step::Call(name, arguments.to_vec())
}

/// Steps that write `text` to a descriptor, in two buffers.
pub(crate) fn write(descriptor: i64, text: &str) -> Vec<Step> {
    let (text, half) = (text.as_bytes(), text.len() as u32 / 2);
    let from = OWN + 16;
    let buffers = [from, half, from + half, text.len() as u32 - half];
    let buffers = buffers.into_iter().flat_map(u32::to_le_bytes).collect();
    vec![
        Step::Put(OWN, buffers),
        Step::Put(from, text.to_vec()),
        call("fd_write", &[descriptor, i64::from(OWN), 2, i64::from(OWN - 4)]),
    ]
}

/// Gives every read the same verdict, and remembers it.
#[derive(Debug)]
struct Judge {
    verdict: Verdict,
    seen: Mutex<(Vec<Notice>, BTreeSet<String>)>,
    environment: BTreeMap<String, String>,
}

impl Rehearsal for Judge {
    fn judge(&self, notice: &Notice, renewed: &BTreeSet<String>) -> Verdict {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.0.push(notice.clone());
        seen.1.clone_from(renewed);
        self.verdict
    }

    fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    fn renewals(&self) -> &[Renewal] {
        &[]
    }
}

/// A snapshot, and what the rehearsal asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Rehearsed {
    snapshot: Snapshot,
    pub(crate) notices: Vec<Notice>,
    /// What the guest had said to renew by the last notice.
    pub(crate) renewed: BTreeSet<String>,
}

impl Deref for Rehearsed {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl Guest {
    /// Runs with a judge that holds all.
    pub(crate) fn run(&self) -> Result<Rehearsed, Error> {
        self.rehearse(None, Verdict::Hold)
    }

    pub(crate) fn run_with(&self, image: Image<'_>) -> Result<Rehearsed, Error> {
        self.rehearse(Some(image), Verdict::Hold)
    }

    pub(crate) fn rehearse(&self, image: Option<Image<'_>>, verdict: Verdict) -> Result<Rehearsed, Error> {
        let engine = Engine::new(None)?;
        let judge = Arc::new(Judge {
            verdict,
            seen: Mutex::default(),
            environment: BTreeMap::new(),
        });
        let module = engine.load(&self.clone().build())?;
        let snapshot = snapshot(&engine, &module, image, Some(judge.clone()))?;
        let seen = judge.seen.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Rehearsed {
            snapshot,
            notices: seen.0.clone(),
            renewed: seen.1.clone(),
        })
    }

    pub(crate) fn build(mut self) -> Vec<u8> {
        let mut types = TypeSection::new();
        let mut imports = ImportSection::new();
        for (name, parameters) in FUNCTIONS {
            let parameters = parameters.bytes().map(|one| match one {
                b'i' => ValType::I32,
                _ => ValType::I64,
            });
            let results = (name != "proc_exit").then_some(ValType::I32);
            imports.import(WASI, name, EntityType::Function(types.len()));
            types.ty().function(parameters, results);
        }
        for (module, name) in &self.imports {
            imports.import(module, name, EntityType::Function(types.len()));
            types.ty().function([], []);
        }
        let mut functions = FunctionSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        let bodies = [
            ("pywasm_snapshot", 0, self.snapshot.clone()),
            ("pywasm_settle", 0, self.settle.clone()),
            ("pywasm_scratch", 0, vec![Step::Return(self.scratch)]),
            ("pywasm_where", 2, self.asked.clone()),
            ("pywasm_objects", 0, self.objects.clone()),
        ];
        for (name, parameters, steps) in bodies {
            if !self.without.contains(&name) {
                exports.export(name, ExportKind::Func, imports.len() + functions.len());
            }
            functions.function(types.len());
            let parameters = parameters + usize::from(self.mistyped.contains(&name));
            types
                .ty()
                .function(vec![ValType::I32; parameters], [ValType::I32]);
            let mut body = Function::new([(1, ValType::I32)]);
            self.steps(&mut body.instructions(), parameters as u32, &steps);
            if name == "pywasm_where" {
                place(&mut body.instructions());
            } else {
                body.instructions().i32_const(0);
            }
            body.instructions().end();
            code.function(&body);
        }
        let start = self.start.clone().map(|steps| {
            let index = imports.len() + functions.len();
            functions.function(types.len());
            types.ty().function([], []);
            let mut body = Function::new([(1, ValType::I32)]);
            self.steps(&mut body.instructions(), 0, &steps);
            body.instructions().end();
            code.function(&body);
            wasm_encoder::StartSection {
                function_index: index,
            }
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: u64::from(self.pages),
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        let immutable = GlobalType {
            val_type: ValType::I32,
            mutable: false,
            shared: false,
        };
        globals.global(immutable, &ConstExpr::i32_const(self.image));
        exports.export("image", ExportKind::Global, 0);
        if !self.without.contains(&"memory") {
            exports.export("memory", ExportKind::Memory, 0);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&memories).section(&globals).section(&exports);
        if let Some(start) = start {
            module.section(&start);
        }
        module.section(&code);
        module.finish()
    }

    fn steps(&mut self, code: &mut InstructionSink<'_>, local: u32, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Call(name, arguments) => self.call(code, name, arguments),
                Step::Put(address, bytes) => put(code, *address, bytes),
                Step::Place(text) => {
                    put(code, PLACE, &(text.len() as u32).to_le_bytes());
                    put(code, PLACE + 4, text);
                }
                Step::PlaceLength(length) => put(code, PLACE, &length.to_le_bytes()),
                Step::Grow(pages) => {
                    code.i32_const(*pages).memory_grow(0).drop();
                }
                Step::Repeat(times, steps) => {
                    code.i32_const(*times).local_set(local).loop_(BlockType::Empty);
                    self.steps(code, local, steps);
                    code.local_get(local).i32_const(1).i32_sub();
                    code.local_tee(local).br_if(0).end();
                }
                Step::Return(value) => {
                    code.i32_const(*value).return_();
                }
                Step::Trap => {
                    code.unreachable();
                }
            }
        }
    }

    fn call(&mut self, code: &mut InstructionSink<'_>, name: &str, arguments: &[i64]) {
        let index = FUNCTIONS.iter().position(|function| function.0 == name);
        let index = index.expect("a function of WASI");
        let parameters = FUNCTIONS[index].1;
        assert_eq!(parameters.len(), arguments.len(), "{name}");
        code.i32_const((ANSWERS + 4 * self.answers) as i32);
        for (parameter, argument) in parameters.bytes().zip(arguments) {
            match parameter {
                b'i' => code.i32_const(*argument as i32),
                _ => code.i64_const(*argument),
            };
        }
        code.call(index as u32);
        if name == "proc_exit" {
            code.drop();
        } else {
            code.i32_store(at(0, 2));
        }
        self.answers += 1;
    }
}

/// `memory.copy(buffer, PLACE + 4, length)` as far as there is room, and the length.
fn place(code: &mut InstructionSink<'_>) {
    let length = |code: &mut InstructionSink<'_>| {
        code.i32_const(PLACE as i32).i32_load(at(0, 2));
    };
    code.local_get(0).i32_const(PLACE as i32 + 4);
    length(code);
    code.local_get(1);
    length(code);
    code.local_get(1).i32_lt_u().select().memory_copy(0, 0);
    length(code);
}

fn put(code: &mut InstructionSink<'_>, address: u32, bytes: &[u8]) {
    for (index, byte) in bytes.iter().enumerate() {
        code.i32_const((address + index as u32) as i32);
        code.i32_const(i32::from(*byte)).i32_store8(at(0, 0));
    }
}

fn at(offset: u64, align: u32) -> MemArg {
    MemArg {
        offset,
        align,
        memory_index: 0,
    }
}

/// What the guest's calls were told, in the order in which they stand in it.
pub(crate) fn answers(snapshot: &Snapshot, count: usize) -> Vec<u32> {
    // The first answer is to the message that begins the program.
    (1..=count)
        .map(|index| word(snapshot, ANSWERS + 4 * index as u32))
        .collect()
}

pub(crate) fn bytes(snapshot: &Snapshot, address: u32, length: usize) -> &[u8] {
    &snapshot.memory[address as usize..address as usize + length]
}

pub(crate) fn word(snapshot: &Snapshot, address: u32) -> u32 {
    u32::from_le_bytes(bytes(snapshot, address, 4).try_into().expect("4 bytes"))
}
