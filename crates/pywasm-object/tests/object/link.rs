//! Functions of shared modules become exports of the linked module, and what open modules need of the host
//! becomes its imports, with everything of the base at its new function index.

use std::sync::{Arc, Mutex};

use pywasm_object::{
    Error, Export, InitTable, InitTableEntry, LinkError, LinkPlan, ShakePlan, SideModule, Snapshot,
    SnapshotPlan, link, shake, snapshot, validate,
};
use wasmparser::{
    BinaryReader, Linking, LinkingSectionReader, Name, NameSectionReader, Operator, Parser, Payload,
    RelocSectionReader, RelocationType, SymbolInfo, TableInit,
};
use wasmtime::{Engine, ExternType, Instance, Linker, Module, Store, Val, ValType};

use crate::cases::{names, segment};
use pywasm_testkit::Random;
use pywasm_testkit::program::{Extra, Program, Step, function, symbol};
use pywasm_testkit::seen::see;

/// Calls `env.helper` of the base, and two functions of the host.
const GLUE: &str = r#"(module (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
    (import "env" "helper" (func $helper))
    (import "krun:kv@1.0.0" "[method]bucket.get" (func $get (param i32 i64) (result f64)))
    (import "$root" "[waitable-set-new]" (func $new (result i32)))
    (func (export "__wasm_call_ctors") (drop (call $new)))
    (func (export "hello") (call $helper) (drop (call $get (i32.const 3) (i64.const 4))))
    (func (export "krun:p/handler#run") (param i32) (result i32)
      (i32.add (local.get 0) (call $new)))
    (func (export "unused")))"#;

fn side(name: &str, text: &str, is_open: bool) -> SideModule {
    SideModule {
        name: name.to_owned(),
        wasm: wat::parse_str(text).expect("the text is right"),
        is_open,
    }
}

fn export(module: usize, function: &str) -> Export {
    Export {
        module,
        function: function.to_owned(),
    }
}

/// `hello` of the first module is the only record of the base's list.
fn plan(modules: Vec<SideModule>, exports: &[(usize, &str)]) -> LinkPlan {
    LinkPlan {
        modules,
        lists: vec![InitTable {
            symbol: "list".to_owned(),
            records: vec![InitTableEntry {
                text: "hello".to_owned(),
                module: 0,
                function: "hello".to_owned(),
            }],
        }],
        exports: exports
            .iter()
            .map(|(module, name)| export(*module, name))
            .collect(),
    }
}

fn name(text: String) -> &'static str {
    text.leak()
}

/// `i32.const` with the address of data at 1024 + `offset`, as a relocation applies to it.
fn address(offset: u8) -> [u8; 6] {
    [0x41, 0x80 | offset, 0x88, 0x80, 0x80, 0]
}

/// A base with `fillers` functions. The last 140 are called without relocations, so in as few bytes as can be.
///
/// Its indices are the imports 0 and 1, then the functions in their order.
fn base(fillers: usize) -> Program {
    let mut functions = vec![
        function("__wasm_call_ctors", vec![Step::BareCall("constructor")]),
        function(
            "constructor",
            vec![Step::Call("note_constructor"), Step::Data("text", 1)],
        ),
        function("start", vec![Step::Call("note_start")]),
        function("helper", vec![Step::Call("note_helper")]),
        function("in_table", vec![Step::Call("note_in_table")]),
        function(
            "_start",
            vec![Step::Call("__wasm_call_ctors"), Step::Call("work")],
        ),
    ];
    // `list.records[0].function()`, and the function in slot 1.
    let through_list = [&address(8)[..], &[0x28, 2, 0, 0x28, 2, 4, 0x11, 0, 0]].concat();
    let through_table = vec![0x41, 0x81, 0x80, 0x80, 0x80, 0, 0x11, 0, 0];
    let mut work = vec![Step::Take("in_table")];
    for number in 0..fillers {
        let filler = name(format!("filler {number}"));
        functions.push(function(filler, vec![Step::Const(number as i32 % 64)]));
        if number + 140 < fillers {
            continue;
        }
        // A relocation follows each call that may grow.
        work.extend([
            Step::BareCall(filler),
            Step::Data("text", 0),
            Step::Take("in_table"),
        ]);
    }
    work.extend([
        Step::Raw(1, "in_table", through_table),
        Step::Raw(4, "list", through_list),
        Step::BareCall("last"),
        Step::Call("last"),
    ]);
    functions.push(function("last", vec![Step::Call("helper")]));
    functions.push(function("work", work));
    Program {
        imports: vec!["note_constructor", "note_start", "note_helper", "note_in_table"],
        functions,
        segments: vec![segment(1024, b"text....\0\0\0\0\0\0\0\0")],
        symbols: vec![symbol("text", 0, 0, 4), symbol("list", 0, 8, 8)],
        exports: vec!["_start", "note_helper", "helper"],
        start: Some("start"),
        ..Program::default()
    }
}

/// A module that runs with a host that has everything, and what that host saw.
struct Running {
    store: Store<()>,
    instance: Instance,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Running {
    fn new(module: &[u8]) -> Self {
        let engine = Engine::default();
        let module = Module::new(&engine, module).expect("the engine takes it");
        let calls: Arc<Mutex<Vec<String>>> = Arc::default();
        let mut linker = Linker::new(&engine);
        for import in module.imports() {
            let ExternType::Func(ty) = import.ty() else {
                panic!("only functions are imported")
            };
            let (seen, name) = (calls.clone(), import.name().to_owned());
            let types: Vec<ValType> = ty.results().collect();
            let call = move |_: wasmtime::Caller<'_, ()>, arguments: &[Val], results: &mut [Val]| {
                let arguments: Vec<String> = arguments.iter().map(|value| format!("{value:?}")).collect();
                let call = format!("{name}({})", arguments.join(", "));
                seen.lock().expect("no thread has failed").push(call);
                for (result, ty) in results.iter_mut().zip(&types) {
                    *result = match ty {
                        ValType::I32 => Val::I32(7),
                        ty => Val::default_for_ty(ty).expect("a number"),
                    };
                }
                Ok(())
            };
            // A type that the module gives twice is one and the same.
            linker.allow_shadowing(true);
            let defined = linker.func_new(import.module(), import.name(), ty, call);
            defined.expect("the name is free");
        }
        let mut store = Store::new(&engine, ());
        let instance = linker
            .instantiate(&mut store, &module)
            .expect("all imports are there");
        Self {
            store,
            instance,
            calls,
        }
    }

    /// Calls an export without parameters and results.
    fn procedure(&mut self, name: &str) {
        let function = self.instance.get_typed_func::<(), ()>(&mut self.store, name);
        let function = function.expect("it is exported");
        function.call(&mut self.store, ()).expect("it returns");
    }

    fn number(&mut self, name: &str) -> i32 {
        let function = self.instance.get_typed_func::<(), i32>(&mut self.store, name);
        let function = function.expect("it is exported");
        function.call(&mut self.store, ()).expect("it returns")
    }

    fn number_of(&mut self, name: &str, x: i32) -> i32 {
        let function = self.instance.get_typed_func::<i32, i32>(&mut self.store, name);
        let function = function.expect("it is exported");
        function.call(&mut self.store, x).expect("it returns")
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().expect("no thread has failed").clone()
    }
}

/// Module, name and index of the type of each import.
fn imports(module: &[u8]) -> Vec<String> {
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(reader) = payload.expect("it is valid") {
            for import in reader.into_imports() {
                let import = import.expect("it is valid");
                imports.push(format!("{}.{}", import.module, import.name));
            }
        }
    }
    imports
}

/// Checks that each relocation of the code is where the linker would have it: at a number that is what
/// its symbol says. Gives how many there are.
fn check_relocations(module: &[u8]) -> usize {
    let (mut code, mut customs, mut data) = (0..0, Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.expect("it is valid") {
            Payload::CodeSectionStart { range, .. } => code = range,
            Payload::CustomSection(section) => customs.push((section.name(), section.data())),
            Payload::DataSection(reader) => {
                for segment in reader {
                    let wasmparser::DataKind::Active { offset_expr, .. } = segment.expect("it is valid").kind
                    else {
                        panic!("an active segment")
                    };
                    let operator = offset_expr.get_operators_reader().read();
                    let Ok(Operator::I32Const { value }) = operator else {
                        panic!("a constant address")
                    };
                    data.push(value as u32);
                }
            }
            _ => {}
        }
    }
    let custom = |wanted: &str| {
        let found = customs.iter().find(|(name, _)| *name == wanted);
        BinaryReader::new(found.expect("the section is there").1, 0)
    };
    let mut symbols = Vec::new();
    for subsection in LinkingSectionReader::new(custom("linking"))
        .expect("it is valid")
        .subsections()
    {
        if let Linking::SymbolTable(table) = subsection.expect("it is valid") {
            symbols = table
                .into_iter()
                .collect::<Result<Vec<_>, _>>()
                .expect("it is valid");
        }
    }
    let mut names = std::collections::BTreeMap::new();
    for subsection in NameSectionReader::new(custom("name")) {
        if let Name::Function(map) = subsection.expect("it is valid") {
            names.extend(map.into_iter().flatten().map(|name| (name.index, name.name)));
        }
    }
    let table = see(module).table;
    let entries = RelocSectionReader::new(custom("reloc.CODE")).expect("it is valid");
    let mut count = 0;
    for entry in entries.entries() {
        let entry = entry.expect("it is valid");
        let at = code.start + entry.offset as usize;
        let mut reader = BinaryReader::new(&module[at..at + 5], at);
        let number = match entry.ty {
            RelocationType::FunctionIndexLeb | RelocationType::TypeIndexLeb => reader.read_var_u32(),
            _ => reader.read_var_i32().map(|number| number as u32),
        };
        let number = number.expect("a number is there");
        assert!(reader.eof(), "it has five bytes");
        let wanted = match (entry.ty, symbols.get(entry.index as usize)) {
            (RelocationType::FunctionIndexLeb, Some(SymbolInfo::Func { index, name, .. })) => {
                assert_eq!(Some(names[index]), *name);
                *index
            }
            (RelocationType::TableIndexSleb, Some(SymbolInfo::Func { index, .. })) => {
                assert_eq!(table[&number], names[index]);
                number
            }
            (
                RelocationType::MemoryAddrSleb,
                Some(SymbolInfo::Data {
                    symbol: Some(datum), ..
                }),
            ) => (data[datum.index as usize] + datum.offset).wrapping_add(entry.addend as u32),
            (RelocationType::TypeIndexLeb, _) => entry.index,
            other => panic!("{other:?} is not in these modules"),
        };
        assert_eq!(number, wanted, "{entry:?}");
        count += 1;
    }
    count
}

const EXPECTED: [&str; 9] = [
    "note_start()",
    "note_constructor()",
    "[waitable-set-new]()",
    "note_in_table()",
    "note_helper()",
    "[method]bucket.get(I32(3), I64(4))",
    "note_helper()",
    "note_helper()",
    "end",
];

#[test]
fn the_base_and_an_open_module_call_each_other_and_the_host() {
    // With 4 imports and 6 functions before them, 116 fillers have indices that stay below 128.
    for fillers in [0, 1, 115, 116, 117, 118, 119, 140] {
        let base = base(fillers).build();
        let plan = plan(vec![side("glue", GLUE, true)], &[(0, "krun:p/handler#run")]);
        let linked = link(&base, &plan).expect("it links");
        assert_eq!(
            imports(&linked)[4..],
            ["krun:kv@1.0.0.[method]bucket.get", "$root.[waitable-set-new]"],
            "behind the four of the base, in the order of the module"
        );
        let (before, after) = (check_relocations(&base), check_relocations(&linked));
        assert_eq!(after, before, "the module itself needs no relocations");
        let shaken = shake(&linked, &ShakePlan::default()).expect("it shakes");
        for module in [&linked, &shaken.module] {
            let mut running = Running::new(module);
            running.procedure("_start");
            let mut calls = running.calls();
            calls.push("end".to_owned());
            assert_eq!(calls, EXPECTED, "{fillers} fillers");
            assert_eq!(running.number_of("krun:p/handler#run", 4), 11);
        }
    }
}

#[test]
fn names_and_exports_follow_their_functions() {
    let plan = plan(vec![side("glue", GLUE, true)], &[(0, "hello"), (0, "unused")]);
    let linked = link(&base(130).build(), &plan).expect("it links");
    let seen = see(&linked);
    assert_eq!(
        seen.exports,
        ["memory", "_start", "note_helper", "helper", "hello", "unused"]
    );
    let own: Vec<&str> = base(130).functions.iter().map(|function| function.name).collect();
    assert_eq!(seen.live[..own.len()], own);
    assert_eq!(
        seen.live[own.len()..][1..3],
        ["glue:hello", "glue:krun:p/handler#run"]
    );
    let mut running = Running::new(&linked);
    running.procedure("helper");
    running.procedure("note_helper");
    assert_eq!(
        running.calls(),
        ["note_start()", "note_helper()", "note_helper()"]
    );
    let symbols = pywasm_object::symbol_file(&linked)
        .expect("it is valid")
        .functions;
    let name = |index: usize| symbols[index].name.as_deref();
    assert_eq!(name(3), Some("note_in_table"));
    assert_eq!(name(5), Some("$root.[waitable-set-new]"));
    assert_eq!(name(6), Some("__wasm_call_ctors"));
}

#[test]
fn what_the_base_imports_already_is_not_imported_twice() {
    let text = r#"(module (@dylink.0) (import "env" "note_helper" (func $a)) (import "host" "b" (func $b))
        (func (export "hello") (call $a) (call $b)))"#;
    let base = base(3).build();
    let plan = plan(vec![side("one", text, true), side("two", text, true)], &[]);
    let linked = link(&base, &plan).expect("it links");
    assert_eq!(imports(&linked)[4..], ["host.b"]);
    // Now the base itself imports `host.b`, so any module may.
    let closed = LinkPlan {
        modules: vec![side("three", text, false)],
        ..LinkPlan::default()
    };
    let again = link(&linked, &closed).expect("it links");
    assert_eq!(imports(&again), imports(&linked));
}

#[test]
fn a_module_and_a_name_are_told_apart() {
    let text = r#"(module (@dylink.0) (import "a.b" "c" (func $one)) (import "a" "b.c" (func $two))
        (func (export "hello") (call $one) (call $two)))"#;
    let linked = link(&base(0).build(), &plan(vec![side("side", text, true)], &[])).expect("it links");
    let mut running = Running::new(&linked);
    running.procedure("_start");
    assert!(
        running
            .calls()
            .ends_with(&["c()", "b.c()", "note_helper()", "note_helper()"].map(str::to_owned))
    );
}

#[test]
fn only_open_modules_import_from_the_host_and_never_from_env() {
    let refused = |text: &str, is_open| {
        let plan = plan(vec![side("side", text, is_open)], &[]);
        link(&base(0).build(), &plan)
            .expect_err("it is refused")
            .to_string()
    };
    let needs = |what: &str| {
        format!(
            "symbols are missing: the module `side` needs {what}; neither the base nor another module has them"
        )
    };
    assert_eq!(
        refused(GLUE, false),
        needs("$root.[waitable-set-new], krun:kv@1.0.0.[method]bucket.get")
    );
    let text = |import: &str| format!("(module (@dylink.0) {import} (func (export \"hello\")))");
    for module in ["env", "GOT.func", "GOT.mem"] {
        let import = text(&format!(r#"(import "{module}" "nowhere" (func))"#));
        let shown = match module {
            "env" => "nowhere".to_owned(),
            module => format!("{module}.nowhere"),
        };
        assert_eq!(refused(&import, true), needs(&shown));
    }
    assert_eq!(
        refused(
            &text(r#"(import "host" "a" (func)) (import "host" "a" (func (param i32)))"#),
            true
        ),
        needs("host.a (which has another type)")
    );
    let known = r#"(import "env" "note_helper" (func (param i32)))"#;
    assert_eq!(
        refused(&text(known), true),
        needs("note_helper (which has another type)")
    );
    let global = text(r#"(import "host" "g" (global i32))"#);
    assert_eq!(
        refused(&global, true),
        "the module `side` imports the global host.g, which is not an import that a linker makes"
    );
}

#[test]
fn a_weak_import_stays_one() {
    let text = r#"(module (@dylink.0 (import-info "host" "maybe" binding-weak))
        (import "host" "maybe" (func $maybe)) (import "host" "sure" (func $sure))
        (func (export "hello") (call $sure)) (func (export "maybe") (call $maybe)))"#;
    let linked = link(&base(0).build(), &plan(vec![side("side", text, true)], &[])).expect("it links");
    assert_eq!(imports(&linked)[4..], ["host.sure"]);
}

#[test]
fn exports_that_cannot_be_are_refused() {
    let refused = |exports: &[(usize, &str)]| {
        let text = r#"(module (@dylink.0) (import "env" "helper" (func $helper)) (func (export "hello"))
            (func (export "_start")) (func (export "memory")) (export "passed on" (func $helper))
            (global (export "datum") i32 (i32.const 8)))"#;
        let plan = plan(vec![side("side", text, false)], exports);
        match link(&base(0).build(), &plan) {
            Err(error @ LinkError::Export { .. }) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        refused(&[(1, "hello")]),
        "the export `hello` is of the module number 1"
    );
    for name in ["helo", "passed on", "datum"] {
        assert_eq!(
            refused(&[(0, "hello"), (0, name)]),
            format!("the export `{name}` is not a function that the module `side` has and exports")
        );
    }
    for name in ["_start", "memory"] {
        assert_eq!(
            refused(&[(0, name)]),
            format!("the export `{name}` is one of the base too")
        );
    }
    assert_eq!(
        refused(&[(0, "hello"), (0, "hello")]),
        "the export `hello` is there twice"
    );
}

#[test]
fn a_snapshot_keeps_the_imports_and_the_exports() {
    let mut base = base(130);
    // A start function would run a second time.
    base.start = None;
    base.functions
        .push(function("resume", vec![Step::Call("helper")]));
    base.exports.push("resume");
    let plan = plan(vec![side("glue", GLUE, true)], &[(0, "krun:p/handler#run")]);
    let linked = link(&base.build(), &plan).expect("it links");
    let plan = ShakePlan {
        snapshot: Some(SnapshotPlan {
            entry: "resume".to_owned(),
            only_before: names(&["_start"]),
            cut: names(&[]),
        }),
        ..ShakePlan::default()
    };
    let shaken = shake(&linked, &plan).expect("it shakes");
    let after = shaken.after_snapshot.expect("the plan asks for it");
    let all = imports(&linked);
    assert_eq!(imports(&shaken.module), all);
    assert_eq!(
        imports(&after.module),
        all,
        "indices are the same, so those without a use stay too"
    );
    let live = see(&after.module).live;
    assert!(live.contains(&"glue:krun:p/handler#run".to_owned()), "{live:?}");
    assert!(!live.contains(&"glue:unused".to_owned()), "{live:?}");
    let plan = Snapshot {
        from: "resume",
        to: "_initialize",
        unneeded: &after.unneeded,
        zeros: 8,
        ..Snapshot::default()
    };
    let memory = vec![0; see(&after.module).memory.len()];
    let taken = snapshot(&after.module, &memory, &plan).expect("taken");
    assert_eq!(imports(&taken.module), all);
    let exports = see(&taken.module).exports;
    assert_eq!(
        exports,
        [
            "memory",
            "note_helper",
            "helper",
            "_initialize",
            "krun:p/handler#run"
        ]
    );
    let mut running = Running::new(&taken.module);
    assert_eq!(running.number_of("krun:p/handler#run", 1), 8);
    assert_eq!(running.calls(), ["[waitable-set-new]()"]);
}

/// The module of a text, with empty sections for the link.
fn base_of(text: &str) -> Vec<u8> {
    use wasm_encoder::{CustomSection, Encode, Section};
    let mut module = wat::parse_str(text).expect("the text is right");
    let sections = Parser::new(0).parse_all(&module);
    let sections = sections.filter_map(|payload| payload.expect("it is valid").as_section());
    let index = sections.into_iter().position(|(id, _)| id == 10);
    let mut relocations = Vec::new();
    (index.unwrap_or(0) as u32).encode(&mut relocations);
    relocations.push(0);
    let mut add = |name: &str, data: &[u8]| {
        let section = CustomSection {
            name: name.into(),
            data: data.into(),
        };
        section.append_to(&mut module);
    };
    add("linking", &[2]);
    if index.is_some() {
        add("reloc.CODE", &relocations);
    }
    module
}

/// References to functions wherever a module can have them, but for the first value of a table: not every
/// engine knows it.
const REFERENCES: &str = r#"(module
    (type $number (func (result i32)))
    (import "env" "zero" (func $zero (result i32)))
    (memory (export "memory") 1)
    (table $plain (export "plain") 8 funcref)
    (table $full 3 funcref)
    (global $one funcref (ref.func $one))
    (elem (i32.const 1) func $one $two)
    (elem (table $full) (i32.const 0) funcref (ref.func $two) (ref.func $three) (ref.null func))
    (elem $passive func $three $zero)
    (elem $expressions funcref (item (ref.func $two)))
    (elem declare func $tail)
    (func $one (result i32) (i32.const 1))
    (func $two (result i32) (i32.const 2))
    (func $three (result i32) (i32.const 3))
    (func $tail (result i32) (return_call $three))
    (func $add (param $sum i32) (param $value i32) (result i32)
      (i32.add (i32.mul (local.get $sum) (i32.const 10)) (local.get $value)))
    (func (export "run") (result i32) (local $sum i32)
      (table.init $plain $passive (i32.const 4) (i32.const 0) (i32.const 2))
      (table.init $plain $expressions (i32.const 6) (i32.const 0) (i32.const 1))
      (table.set $plain (i32.const 3) (ref.func $tail))
      (table.set $plain (i32.const 7) (global.get $one))
      (local.set $sum (call $add (local.get $sum) (call_indirect $plain (type $number) (i32.const 1))))
      (local.set $sum (call $add (local.get $sum) (call_indirect $plain (type $number) (i32.const 2))))
      (local.set $sum (call $add (local.get $sum) (call_indirect $plain (type $number) (i32.const 3))))
      (local.set $sum (call $add (local.get $sum) (call_indirect $plain (type $number) (i32.const 4))))
      (local.set $sum (call $add (local.get $sum) (call_indirect $plain (type $number) (i32.const 6))))
      (local.set $sum (call $add (local.get $sum) (call_indirect $plain (type $number) (i32.const 7))))
      (local.set $sum (call $add (local.get $sum) (call_indirect $full (type $number) (i32.const 0))))
      (local.set $sum (call $add (local.get $sum) (call_indirect $full (type $number) (i32.const 1))))
      (call $add (local.get $sum) (call_indirect $plain (type $number) (i32.const 5)))))"#;

fn run(module: &[u8]) -> i32 {
    Running::new(module).number("run")
}

#[test]
fn every_reference_to_a_function_follows_it() {
    let host = r#"(module (@dylink.0) (import "host" "f" (func $f (param f32 f32) (result i64)))
        (func (export "g") (drop (call $f (f32.const 1) (f32.const 2)))))"#;
    let base = base_of(REFERENCES);
    assert_eq!(run(&base), 123_321_237);
    let mut plan = LinkPlan {
        modules: vec![side("host", host, true)],
        exports: vec![export(0, "g")],
        ..LinkPlan::default()
    };
    let linked = link(&base, &plan).expect("it links");
    assert_eq!(run(&linked), 123_321_237);
    plan.modules[0].wasm = wat::parse_str(host.replace("\"f\"", "\"h\"")).expect("it is right");
    plan.exports.clear();
    assert_eq!(run(&link(&linked, &plan).expect("it links again")), 123_321_237);
}

#[test]
fn the_first_value_of_a_table_follows_its_function() {
    let host = r#"(module (@dylink.0) (import "host" "f" (func $f)) (func (export "g") (call $f)))"#;
    let text = "(module (memory 1) (table 3 funcref (ref.func $two)) (func) (func $two) (func (result i32) i32.const 1))";
    let plan = LinkPlan {
        modules: vec![side("host", host, true)],
        ..LinkPlan::default()
    };
    let linked = link(&base_of(text), &plan).expect("it links");
    let mut values = Vec::new();
    for payload in Parser::new(0).parse_all(&linked) {
        if let Payload::TableSection(tables) = payload.expect("it is valid") {
            for table in tables {
                if let TableInit::Expr(value) = table.expect("it is valid").init {
                    let operator = value.get_operators_reader().read().expect("it is valid");
                    values.push(operator);
                }
            }
        }
    }
    assert!(
        matches!(values[..], [Operator::RefFunc { function_index: 2 }]),
        "{values:?}"
    );
}

#[test]
fn a_base_without_code_gets_imports_too() {
    let host = r#"(module (@dylink.0) (import "host" "f" (func $f (result i32)))
        (func (export "run") (result i32) (call $f)))"#;
    let plan = LinkPlan {
        modules: vec![side("host", host, true)],
        exports: vec![export(0, "run")],
        ..LinkPlan::default()
    };
    assert_eq!(
        run(&link(&base_of("(module (memory 1))"), &plan).expect("it links")),
        7
    );
}

#[test]
fn names_of_locals_follow_and_stale_sections_leave() {
    let text = r#"(module (import "a" "b" (func $b)) (memory 1)
        (func $f (export "f") (param $first i32) (block $label (br $label)) (call $b))
        (@custom ".debug_info" "x") (@custom "metadata.code.branch_hint" "\00") (@custom "other" "y"))"#;
    let host = r#"(module (@dylink.0) (import "host" "f" (func $f)) (func (export "g") (call $f)))"#;
    let plan = LinkPlan {
        modules: vec![side("host", host, true)],
        ..LinkPlan::default()
    };
    let linked = link(&base_of(text), &plan).expect("it links");
    assert_eq!(see(&linked).customs, ["other", "name", "linking", "reloc.CODE"]);
    let mut locals = Vec::new();
    for payload in Parser::new(0).parse_all(&linked) {
        if let Payload::CustomSection(section) = payload.expect("it is valid")
            && let wasmparser::KnownCustom::Name(subsections) = section.as_known()
        {
            for subsection in subsections {
                if let Name::Local(functions) = subsection.expect("it is valid") {
                    for function in functions {
                        let function = function.expect("it is valid");
                        let names = function.names.into_iter().flatten();
                        locals.extend(names.map(|local| (function.index, local.name.to_owned())));
                    }
                }
            }
        }
    }
    assert_eq!(locals, [(2, "first".to_owned())]);
}

#[test]
fn a_function_index_in_data_is_refused() {
    let mut base = base(0);
    base.extra = vec![Extra {
        in_data: true,
        kind: 26,
        offset: 8,
        symbol: 0,
    }];
    let mut plan = plan(vec![side("glue", GLUE, true)], &[]);
    assert_eq!(
        link(&base.build(), &plan).expect_err("it is refused").to_string(),
        "the base cannot be linked: its relocations of the kind FunctionIndexI32 would be wrong with imports \
         from the host"
    );
    plan.modules[0] = side("side", r#"(module (@dylink.0) (func (export "hello")))"#, true);
    link(&base.build(), &plan).expect("without imports all indices stay");
}

#[test]
fn any_base_does_the_same_with_more_imports() {
    let mut random = Random(0x1234_5678_9abc_def1);
    // These bases call no constructors.
    let text = GLUE.replace("__wasm_call_ctors", "never called");
    let plan = plan(vec![side("glue", &text, true)], &[(0, "hello")]);
    for _ in 0..40 {
        let imports: Vec<&str> = (0..1 + random.below(4))
            .map(|number| name(format!("import {number}")))
            .collect();
        let count = [5, 40, 130, 300][random.below(4)];
        let functions: Vec<&str> = (0..count)
            .map(|number| name(format!("function {number}")))
            .collect();
        let mut program = Program {
            segments: vec![segment(1024, b"text....\0\0\0\0\0\0\0\0")],
            symbols: vec![symbol("text", 0, 0, 4), symbol("list", 0, 8, 8)],
            exports: vec!["_start", functions[0], functions[count / 2]],
            start: random.number().is_multiple_of(2).then_some(functions[1]),
            imports: imports.clone(),
            ..Program::default()
        };
        for (number, own) in functions.iter().enumerate() {
            let mut steps = Vec::new();
            for _ in 0..random.below(6) {
                // Only earlier functions, and few of them, so that it ends soon.
                let callee = match random.below(3) {
                    0 if number > 0 && number % 16 == 0 => functions[random.below(number)],
                    _ => imports[random.below(imports.len())],
                };
                steps.push(match random.below(5) {
                    0 | 1 => Step::Call(callee),
                    2 | 3 => Step::BareCall(callee),
                    _ => Step::Data("text", random.number() as i32 % 4),
                });
            }
            program.functions.push(function(own, steps));
        }
        let calls = (0..30).map(|_| functions[random.below(count)]);
        let calls = calls.flat_map(|callee| {
            [
                Step::BareCall(callee),
                Step::Take(functions[2]),
                Step::Call(callee),
            ]
        });
        program.functions.push(function("_start", calls.collect()));
        program.functions.push(function("helper", vec![]));

        let base = program.build();
        let linked = link(&base, &plan).expect("it links");
        assert_eq!(check_relocations(&linked), check_relocations(&base));
        let [before, after] = [&base, &linked].map(|module| {
            let mut running = Running::new(module);
            running.procedure("_start");
            running.calls()
        });
        assert_eq!(before, after);
        let own = see(&base);
        let seen = see(&linked);
        assert_eq!(seen.live[..own.live.len()], own.live);
        assert_eq!(seen.exports[..own.exports.len()], own.exports);
        for (slot, function) in own.table {
            assert_eq!(seen.table[&slot], function);
        }
    }
}

#[test]
fn indices_of_three_bytes_grow_too() {
    let program = base(16_500);
    let linked = link(&program.build(), &plan(vec![side("glue", GLUE, true)], &[])).expect("it links");
    assert!(check_relocations(&linked) > 280);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let plan = plan(vec![side("glue", GLUE, true)], &[(0, "hello")]);
    let linked = || link(&base(130).build(), &plan).expect("it links");
    assert_eq!(linked(), linked());
}

#[test]
fn damaged_bases_and_modules_do_not_panic() {
    let base = base(20).build();
    let whole = plan(vec![side("glue", GLUE, true)], &[(0, "hello")]);
    let mut random = Random(0x5eed_5eed_5eed_5eed);
    let mut survived = 0;
    for round in 0..6_000 {
        let (mut base, mut plan) = (base.clone(), whole.clone());
        let damaged = match round % 2 {
            0 => &mut base,
            _ => &mut plan.modules[0].wasm,
        };
        random.damage(damaged, 1 + round % 3);
        match link(&base, &plan) {
            Err(LinkError::Output(source)) => panic!("round {round}: {source:?}"),
            Err(_) => {}
            Ok(linked) => {
                survived += 1;
                validate(&linked).expect("it is valid");
                if let Err(error @ Error::Output { .. }) = shake(&linked, &ShakePlan::default()) {
                    panic!("round {round}: {error:?}");
                }
            }
        }
    }
    assert!(
        survived > 300,
        "most damage is too coarse to test anything: {survived}"
    );
}
