//! Compiles C sources to a base and shared modules with clang and wasm-ld, and runs what is linked
//! from them.

use std::path::Path;
use std::process::Command;

use pywasm_object::{InitTable, InitTableEntry, LinkPlan, ShakePlan, SideModule, link, shake, symbol_file};
use wasmtime::{Engine, Instance, Module, Store};

/// How a shared module is linked.
pub(crate) const RELOCATIONS: &[&str] = &["--emit-relocs"];
pub(crate) const PLAIN: &[&str] = &[];
pub(crate) const SYMBOLIC: &[&str] = &["-Bsymbolic"];
pub(crate) const STRIPPED: &[&str] = &["--strip-all"];

const BASE: &str = r#"
typedef int (*function)(int);
struct record { const char *text; function function; };
volatile struct { const struct record *records; unsigned count; } registry;

int shared = 7;
static int order;
int ordered[8];
void note(int what) { ordered[order++] = what; }
__attribute__((constructor)) static void init(void) { note(1); }
__attribute__((noinline)) int twice(int x) { return x * 2; }
__attribute__((noinline)) int apply(function f, int x) { return f(x); }
__attribute__((noinline)) static int hidden_in_base(int x) { return x + shared; }

void __wasm_call_ctors(void);
__attribute__((export_name("_start"))) void start(void) { __wasm_call_ctors(); }
__attribute__((export_name("count"))) int count(void) { return registry.count; }
__attribute__((export_name("text"))) int text(int i) { return (int)registry.records[i].text; }
__attribute__((export_name("call"))) int call(int i, int x) { return registry.records[i].function(x); }
__attribute__((export_name("order"))) int order_of(int i) { return ordered[i]; }
__attribute__((export_name("base"))) int base(int i, int x) { return apply(i ? twice : hidden_in_base, x); }
__attribute__((export_name("twice_slot"))) int twice_slot(void) { return (int)twice; }
"#;

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; `scripts/test.sh base` installs it"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the paths of the tests are text")
}

fn compile(source: &str, compiler: &[&str], linker: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let [c, object, wasm] = ["m.c", "m.o", "m.wasm"].map(|name| folder.path().join(name));
    std::fs::write(&c, source).expect("the folder can be written");
    let mut arguments = vec!["--target=wasm32-wasi", "-O1", "-ffreestanding", "-nostdlib"];
    arguments.extend(compiler);
    arguments.extend(["-c", text(&c), "-o", text(&object)]);
    run("clang-19", &arguments);
    let mut arguments = vec![text(&object), "-o", text(&wasm)];
    arguments.extend(linker);
    run("wasm-ld-19", &arguments);
    std::fs::read(&wasm).expect("the linker wrote it")
}

pub(crate) fn base() -> Vec<u8> {
    compile(
        BASE,
        &["-fvisibility=hidden"],
        &["--no-entry", "--emit-relocs", "--no-gc-sections"],
    )
}

pub(crate) fn side(name: &str, source: &str, how: &[&str]) -> SideModule {
    let mut linker = vec![
        "-shared",
        "--experimental-pic",
        "--unresolved-symbols=import-dynamic",
    ];
    linker.extend(how);
    SideModule {
        name: name.to_owned(),
        wasm: compile(source, &["-fPIC", "-fvisibility=default"], &linker),
        is_open: false,
    }
}

/// A plan with one record for each `(text, module, function)`.
pub(crate) fn plan(modules: Vec<SideModule>, records: &[(&str, usize, &str)]) -> LinkPlan {
    let record = |&(text, module, function): &(&str, usize, &str)| InitTableEntry {
        text: text.to_owned(),
        module,
        function: function.to_owned(),
    };
    LinkPlan {
        modules,
        lists: vec![InitTable {
            symbol: "registry".to_owned(),
            records: records.iter().map(record).collect(),
        }],
        exports: Vec::new(),
    }
}

/// An instance of a module.
pub(crate) struct Running {
    store: Store<()>,
    instance: Instance,
}

impl Running {
    pub(crate) fn new(module: &[u8]) -> Self {
        let engine = Engine::default();
        let module = Module::new(&engine, module).expect("the engine takes it");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("it needs no imports");
        let mut running = Self { store, instance };
        running.procedure("_start");
        running
    }

    pub(crate) fn procedure(&mut self, name: &str) {
        let function = self.instance.get_typed_func::<(), ()>(&mut self.store, name);
        let function = function.expect("it is exported");
        function.call(&mut self.store, ()).expect("it returns");
    }

    pub(crate) fn number(&mut self, name: &str) -> i32 {
        let function = self.instance.get_typed_func::<(), i32>(&mut self.store, name);
        let function = function.expect("it is exported");
        function.call(&mut self.store, ()).expect("it returns")
    }

    pub(crate) fn number_of(&mut self, name: &str, x: i32) -> i32 {
        let function = self.instance.get_typed_func::<i32, i32>(&mut self.store, name);
        let function = function.expect("it is exported");
        function.call(&mut self.store, x).expect("it returns")
    }

    pub(crate) fn call(&mut self, record: i32, x: i32) -> i32 {
        let function = self
            .instance
            .get_typed_func::<(i32, i32), i32>(&mut self.store, "call");
        let function = function.expect("it is exported");
        function.call(&mut self.store, (record, x)).expect("it returns")
    }

    pub(crate) fn text(&mut self, address: i32) -> String {
        let memory = self
            .instance
            .get_memory(&mut self.store, "memory")
            .expect("it is exported");
        let bytes = &memory.data(&self.store)[address as usize..];
        let end = bytes.iter().position(|&byte| byte == 0).expect("it ends");
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    }
}

/// The linked module, and it shaken.
pub(crate) fn linked_and_shaken(plan: &LinkPlan) -> [Vec<u8>; 2] {
    let linked = link(&base(), plan).expect("it links");
    let shaken = shake(&linked, &ShakePlan::default()).expect("it shakes").module;
    [linked, shaken]
}

/// Names of the functions with code.
pub(crate) fn live(module: &[u8]) -> Vec<String> {
    let functions = symbol_file(module).expect("it is valid").functions;
    let live = functions.into_iter().filter(|function| function.size > 3);
    live.filter_map(|function| function.name).collect()
}

pub(crate) fn lives(module: &[u8], name: &str) -> bool {
    live(module).iter().any(|live| live == name)
}
