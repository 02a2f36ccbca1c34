//! Makes a base that a build accepts, of a few files: a module with the exports, symbols and
//! relocations of a real one, and a standard library of a few lines.

use std::{fs, path::Path};

use pywasm_base::{BASE_ABI, Base, MANIFEST, SCHEMA, recipe_digest, seal};
use pywasm_host::Quiet;
use serde_json::json;

use crate::program::{Program, Segment, Step, function, symbol};

/// The builtin modules of the base, sorted.
pub const BUILTINS: [&str; 4] = ["_signal", "builtins", "sys", "time"];

/// The standard library: path and text. The interpreter's core imports `encodings`; `json` is there
/// for a program that imports something, and `time` imports `_strptime`.
const STDLIB: [(&str, &str); 13] = [
    ("_pywasm_site.py", "import site\n"),
    ("_pywasm_snapshot.py", "import io\n"),
    ("_strptime.py", "import time\n"),
    ("abc.py", "class ABC:\n    pass\n"),
    ("codecs.py", "def lookup(name):\n    return name\n"),
    ("encodings/__init__.py", "import codecs\nfrom . import aliases\n"),
    ("encodings/aliases.py", "aliases = {\n    'utf8': 'utf_8',\n}\n"),
    ("encodings/utf_8.py", "import codecs\n"),
    ("io.py", "import abc\n"),
    (
        "json.py",
        "import io\n\n\ndef dumps(value):\n    return str(value)\n",
    ),
    ("os.py", "import abc\n\nname = 'posix'\n"),
    ("random.py", "import time\n\nseed = time.time()\n"),
    ("site.py", "import os\n"),
];

/// Names of modules that CPython has on some platform, beside those above.
const ELSEWHERE: [&str; 2] = ["_ssl", "ssl"];

/// Where the parts of the base's data stand.
const NAMES: u32 = 1024;
const TABLES: u32 = 2048;
const STATE: u32 = 4096;

/// Writes a base into a folder, which is created, and opens it.
///
/// # Panics
/// When the folder cannot be written.
#[must_use]
pub fn write_base(folder: &Path) -> Base {
    for (path, text) in STDLIB {
        write(&folder.join("stdlib").join(path), text.as_bytes());
    }
    write(&folder.join("base.wasm"), &module());
    let own = STDLIB.iter().filter_map(|(path, _)| path.strip_suffix(".py"));
    let names: Vec<&str> = own
        .filter(|name| !name.contains('/'))
        .chain(["encodings"])
        .chain(BUILTINS)
        .chain(ELSEWHERE)
        .collect();
    let manifest = json!({
        "schema": SCHEMA,
        "abi": BASE_ABI,
        "python": "3.13.15",
        "builtins": BUILTINS,
        "c_imports": { "": ["_pywasm_snapshot", "builtins", "encodings"], "time": ["_strptime"] },
        "stdlib_names": names,
        "toolchain": {},
        "sources": [],
    });
    write(&folder.join(MANIFEST), manifest.to_string().as_bytes());
    seal(folder, recipe_digest(), &Quiet).expect("the files are those of a base")
}

fn write(path: &Path, bytes: &[u8]) {
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(path, bytes).expect("the file can be written");
}

/// The interpreter, with nothing behind its names: each builtin module has an init function, the
/// table of builtin modules and those of the two optional parts refer to functions, and what only
/// the start needs has a function of its own.
fn module() -> Vec<u8> {
    let exports = [
        ("_start", vec![Step::Call("start_up"), Step::Call("run")]),
        ("pywasm_snapshot", vec![Step::Call("start_up")]),
        ("pywasm_settle", vec![Step::Call("collect_garbage")]),
        ("pywasm_where", vec![Step::Call("walk_frames")]),
        ("pywasm_scratch", vec![Step::Data("scratch", 0)]),
        ("pywasm_objects", vec![Step::Call("walk_heap")]),
        ("pywasm_resume", vec![Step::Call("run")]),
        (
            "pywasm_python",
            vec![Step::Call("read_arguments"), Step::Call("run")],
        ),
    ];
    let core = [
        (
            "start_up",
            vec![
                Step::Call("read_image"),
                Step::Data("_PyImport_Inittab", 0),
                Step::Data("bootstrap_modules", 0),
            ],
        ),
        ("collect_garbage", Vec::new()),
        ("walk_frames", vec![Step::Data("scratch", 0)]),
        ("walk_heap", Vec::new()),
        ("read_arguments", Vec::new()),
        ("read_image", vec![Step::Data("image_place", 0)]),
        (
            "run",
            vec![
                Step::Call("read_image"),
                Step::Data("_PyImport_Inittab", 0),
                Step::Data("pywasm_part_ast", 0),
                Step::Data("pywasm_part_compiler", 0),
                Step::Data("pywasm_part_tuples", 0),
                Step::Data("pywasm_part_files", 0),
                Step::Data("pywasm_extensions", 0),
                Step::CallIndirect(0),
            ],
        ),
        ("make_tree", Vec::new()),
        ("compile_text", vec![Step::Call("make_tree")]),
        ("make_constructor", Vec::new()),
        ("PyInit__signal", Vec::new()),
        ("PyInit_builtins", Vec::new()),
        ("PyInit_sys", Vec::new()),
        ("PyInit_time", vec![Step::Call("read_clock")]),
        ("read_clock", Vec::new()),
    ];
    let mut program = Program {
        functions: exports
            .iter()
            .chain(&core)
            .map(|(name, steps)| function(name, steps.clone()))
            .collect(),
        exports: exports.iter().map(|(name, _)| *name).collect(),
        exported_globals: vec![("pywasm_image", STATE as i32), ("pywasm_fallback", STATE as i32)],
        ..Program::default()
    };
    add_data(&mut program);
    program.build()
}

/// The names of the builtin modules, the tables, and what changes while the program runs.
fn add_data(program: &mut Program) {
    let inits = ["PyInit__signal", "PyInit_builtins", "PyInit_sys", "PyInit_time"];
    let strings = ["name__signal", "name_builtins", "name_sys", "name_time"];
    let mut names = Vec::new();
    for (index, (builtin, string)) in BUILTINS.into_iter().zip(strings).enumerate() {
        let (offset, size) = (names.len() as u32, builtin.len() as u32 + 1);
        program.symbols.push(symbol(string, 0, offset, size));
        names.extend(builtin.bytes().chain([0]));
        let record = index as u32 * 8;
        program.pointers.push((1, record, string));
        program.pointers.push((1, record + 4, inits[index]));
    }
    // The table ends with a record of zeros.
    let end = (BUILTINS.len() as u32 + 1) * 8;
    program.symbols.extend([
        symbol("_PyImport_Inittab", 1, 0, end),
        symbol("pywasm_part_ast", 1, end, 4),
        symbol("pywasm_part_compiler", 1, end + 4, 4),
        symbol("pywasm_part_tuples", 1, end + 8, 4),
        symbol("pywasm_part_files", 1, end + 12, 4),
        symbol("pywasm_extensions", 1, end + 16, 8),
        symbol("bootstrap_modules", 1, end + 24, 8),
        symbol("_Py_M__importlib__bootstrap", 1, end + 32, 4),
        symbol("_Py_M__importlib__bootstrap_external", 1, end + 36, 4),
        symbol("image_place", 2, 0, 8),
        symbol("scratch", 2, 8, 8),
    ]);
    program.pointers.extend([
        (1, end, "make_tree"),
        (1, end + 4, "compile_text"),
        (1, end + 8, "make_constructor"),
        (1, end + 24, "_Py_M__importlib__bootstrap"),
        (1, end + 28, "_Py_M__importlib__bootstrap_external"),
    ]);
    program.segments = vec![
        segment(".rodata", NAMES, names),
        segment(".data", TABLES, vec![0; end as usize + 40]),
        segment(".bss", STATE, vec![0; 16]),
    ];
}

fn segment(name: &'static str, address: u32, bytes: Vec<u8>) -> Segment {
    Segment { name, address, bytes }
}
