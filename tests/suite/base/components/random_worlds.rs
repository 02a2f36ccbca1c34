//! Sends random values through a Python echo: what comes back is what was sent.
//!
//! In: a seed. Out: interfaces with functions of random types, nested up to four deep; a program that returns what it
//! gets; and random values of those types, by the types that the engine reads out of the component.

use std::fmt::Write as _;
use std::fs;

use wasmtime::{
    Store,
    component::{Linker, ResourceTable, Type, Val},
};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use pywasm_testkit::Random;

use super::build;
use crate::setup;

/// How many interfaces each with its types, functions in each, and values for each function.
const WORLDS: usize = 200;
const FUNCTIONS: usize = 3;
const VALUES: usize = 12;
const DEPTH: u32 = 4;

/// Names that Python has its own use for are among them.
const NAMES: &[&str] = &[
    "a",
    "class",
    "from-here",
    "is",
    "value",
    "self",
    "x1",
    "none",
    "match",
    "list",
    "cls",
    "type-of",
];

#[test]
fn values_come_back_as_they_were() {
    let folder = setup::temporary();
    let mut random = Random(0x5eed_0016);
    let (wit, program) = worlds(&mut random);
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("wit/worlds.wit", &wit);
    write("app.py", &program);
    write(
        "pyproject.toml",
        "[project]\nname = \"echo\"\n\n[tool.pywasm]\nentry = \"app\"\n\n[tool.pywasm.component]\nworld = \"echoes\"\n",
    );
    let component = build(folder.path());
    let engine = component.engine();
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker).expect("WASI");
    let host = Host {
        wasi: WasiCtx::builder().inherit_stderr().build(),
        table: ResourceTable::new(),
    };
    let mut store = Store::new(engine, host);
    let instance = linker.instantiate(&mut store, &component).expect("an instance");
    let mut sent = 0;
    for world in 0..WORLDS {
        let interface = component
            .get_export_index(None, format!("test:worlds/w{world}@1.0.0"))
            .expect("an interface");
        for function in 0..FUNCTIONS {
            let index = component
                .get_export_index(Some(&interface), format!("f{function}"))
                .expect("a function");
            let function = instance.get_func(&mut store, index).expect("a function");
            let kind = function.ty(&store).params().next().expect("a parameter").1;
            for _ in 0..VALUES {
                let value = value(&kind, &mut random);
                let mut results = [Val::Bool(false)];
                let called = function.call(&mut store, std::slice::from_ref(&value), &mut results);
                called.unwrap_or_else(|error| {
                    panic!(
                        "w{world} with {value:?}: {error:?}\n{}",
                        interface_text(&wit, world)
                    )
                });
                assert_eq!(results[0], value, "w{world}");
                sent += 1;
            }
        }
    }
    assert_eq!(sent, WORLDS * FUNCTIONS * VALUES);
}

struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// One interface of the WIT.
fn interface_text(wit: &str, world: usize) -> &str {
    let begin = wit.find(&format!("interface w{world} ")).unwrap_or_default();
    wit[begin..].split("\n\n").next().unwrap_or_default()
}

/// The WIT of all interfaces and their world, and the program behind it.
fn worlds(random: &mut Random) -> (String, String) {
    let mut wit = "package test:worlds@1.0.0;\n".to_owned();
    let mut world = "world echoes {\n".to_owned();
    let mut program = "from componentize_py_types import Err, Ok\n".to_owned();
    for number in 0..WORLDS {
        let mut types = Types::default();
        let mut functions = String::new();
        let _ = write!(program, "\n\nclass W{number}:\n");
        for function in 0..FUNCTIONS {
            let kind = types.any(random, DEPTH);
            let _ = writeln!(functions, "  f{function}: func(value: {kind}) -> {kind};");
            // A result that is the function's own is returned or raised.
            let back = match kind.starts_with("result") {
                true => "if isinstance(value, Err):\n            raise value\n        return value.value",
                false => "return value",
            };
            let _ = write!(program, "    def f{function}(self, value):\n        {back}\n\n");
        }
        let _ = write!(wit, "\ninterface w{number} {{\n{}{functions}}}\n", types.text);
        let _ = writeln!(world, "  export w{number};");
    }
    (wit + "\n" + &world + "}\n", program)
}

/// The named types of an interface.
#[derive(Default)]
struct Types {
    text: String,
    count: usize,
}

impl Types {
    fn any(&mut self, random: &mut Random, depth: u32) -> String {
        const PLAIN: &[&str] = &[
            "bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string",
        ];
        if depth == 0 || random.below(6) == 0 {
            return PLAIN[random.below(PLAIN.len())].to_owned();
        }
        match random.below(10) {
            0 | 1 => format!("list<{}>", self.any(random, depth - 1)),
            2 => format!("option<{}>", self.any(random, depth - 1)),
            3 => match random.below(4) {
                0 => "result".to_owned(),
                1 => format!("result<{}>", self.any(random, depth - 1)),
                2 => format!("result<_, {}>", self.any(random, depth - 1)),
                _ => {
                    let ok = self.any(random, depth - 1);
                    format!("result<{ok}, {}>", self.any(random, depth - 1))
                }
            },
            4 => {
                let count = 1 + random.below(4);
                let types: Vec<String> = (0..count).map(|_| self.any(random, depth - 1)).collect();
                format!("tuple<{}>", types.join(", "))
            }
            5 | 6 => {
                let fields: Vec<String> = (0..1 + random.below(4))
                    .map(|at| format!("{}: {}", name(at, random), self.any(random, depth - 1)))
                    .collect();
                self.named("record", &fields)
            }
            7 => {
                let cases: Vec<String> = (0..1 + random.below(5))
                    .map(|at| match random.below(3) {
                        0 => name(at, random),
                        _ => format!("{}({})", name(at, random), self.any(random, depth - 1)),
                    })
                    .collect();
                self.named("variant", &cases)
            }
            8 => {
                let cases: Vec<String> = (0..1 + random.below(6)).map(|at| name(at, random)).collect();
                self.named("enum", &cases)
            }
            _ => {
                let flags: Vec<String> = (0..1 + random.below(32)).map(|at| name(at, random)).collect();
                self.named("flags", &flags)
            }
        }
    }

    fn named(&mut self, kind: &str, items: &[String]) -> String {
        let name = format!("t{}", self.count);
        self.count += 1;
        let _ = writeln!(self.text, "  {kind} {name} {{ {} }}", items.join(", "));
        name
    }
}

/// A name that is no other one of its type; `%` keeps words of WIT apart.
fn name(at: usize, random: &mut Random) -> String {
    let word = NAMES[at % NAMES.len()];
    if at < NAMES.len() && random.below(2) == 0 {
        format!("%{word}")
    } else {
        format!("n{at}-{word}")
    }
}

/// A random value of the type.
fn value(kind: &Type, random: &mut Random) -> Val {
    let bits = random.number();
    match kind {
        Type::Bool => Val::Bool(bits & 1 == 1),
        Type::S8 => Val::S8(edge(bits) as i8),
        Type::U8 => Val::U8(edge(bits) as u8),
        Type::S16 => Val::S16(edge(bits) as i16),
        Type::U16 => Val::U16(edge(bits) as u16),
        Type::S32 => Val::S32(edge(bits) as i32),
        Type::U32 => Val::U32(edge(bits) as u32),
        Type::S64 => Val::S64(edge(bits) as i64),
        Type::U64 => Val::U64(edge(bits)),
        Type::Float32 => {
            let float = f32::from_bits(bits as u32);
            Val::Float32(if float.is_nan() { f32::NEG_INFINITY } else { float })
        }
        Type::Float64 => {
            let float = f64::from_bits(bits);
            Val::Float64(if float.is_nan() { -0.0 } else { float })
        }
        Type::Char => Val::Char(char(bits)),
        Type::String => Val::String((0..random.below(20)).map(|_| char(random.number())).collect()),
        Type::List(list) => Val::List((0..random.below(5)).map(|_| value(&list.ty(), random)).collect()),
        Type::Record(record) => {
            let fields = record
                .fields()
                .map(|field| (field.name.to_owned(), value(&field.ty, random)));
            Val::Record(fields.collect())
        }
        Type::Tuple(tuple) => Val::Tuple(tuple.types().map(|kind| value(&kind, random)).collect()),
        Type::Variant(variant) => {
            let case = variant
                .cases()
                .nth(random.below(variant.cases().len()))
                .expect("a case");
            Val::Variant(case.name.to_owned(), payload(case.ty.as_ref(), random))
        }
        Type::Enum(all) => Val::Enum(
            all.names()
                .nth(random.below(all.names().len()))
                .expect("a name")
                .to_owned(),
        ),
        Type::Option(option) => Val::Option(match bits & 3 {
            0 => None,
            _ => payload(Some(&option.ty()), random),
        }),
        Type::Result(both) => Val::Result(match bits & 1 {
            0 => Ok(payload(both.ok().as_ref(), random)),
            _ => Err(payload(both.err().as_ref(), random)),
        }),
        Type::Flags(flags) => {
            let set = flags.names().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
            Val::Flags(set.map(|(_, name)| name.to_owned()).collect())
        }
        other => panic!("the generator makes no {other:?}"),
    }
}

fn payload(kind: Option<&Type>, random: &mut Random) -> Option<Box<Val>> {
    kind.map(|kind| Box::new(value(kind, random)))
}

/// Often the ends of a range.
fn edge(bits: u64) -> u64 {
    match bits >> 61 {
        0 => 0,
        1 => u64::MAX,
        2 => 0x8000_0000_8000_8080,
        3 => 0x7fff_ffff_7fff_7f7f,
        _ => bits,
    }
}

/// Of all planes, and often of the first one.
fn char(bits: u64) -> char {
    let code = match bits >> 62 {
        0 | 1 => bits as u32 & 0x7f,
        2 => bits as u32 & 0xffff,
        _ => bits as u32 % 0x11_0000,
    };
    char::from_u32(code).unwrap_or('\u{fffd}')
}
