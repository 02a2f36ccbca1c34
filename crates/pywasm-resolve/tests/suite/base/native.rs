//! Runs a program under a native CPython that has the modules of a graph and no others: its
//! whole library is a copy of those files. A module that the resolver forgets is missing here as it would
//! be in an artifact.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use pywasm_resolve::{ModuleGraph, ModuleKind, Origin};
use tempfile::TempDir;

/// Takes the place of the interpreter's start: the guest's platform, its import roots, the script.
const START: &str = "\
import sys
sys.platform = 'wasi'
home, script = sys.argv[1:3]
sys.path[:] = [home + '/app', home + '/lib/python3.13', home + '/packages', home + '/lib/python3.13/lib-dynload']
sys.argv[:] = ['main.py']
del home
with open(script, encoding='utf-8') as file:
    code = compile(file.read(), script, 'exec')
del file, script
try:
    open(sys.prefix + '/lib/python3.13/zipimport.py').close()
except OSError:
    # It is in the interpreter's frozen table all the same.
    sys.path_hooks[:] = [hook for hook in sys.path_hooks if 'zip' not in repr(hook)]
    del sys.modules['zipimport']
try:
    exec(code, sys.modules['__main__'].__dict__)
finally:
    import sys
    with open(sys.prefix + '/loaded', 'w') as file:
        print(*sorted(set(sys.builtin_module_names) & set(sys.modules)), file=file)
";

/// In place of the base's own builtin modules, which no native interpreter has.
const STAND_INS: &[(&str, &str)] = &[
    ("_pywasm_files", include_str!("native/_pywasm_files.py")),
    ("_pywasm_scrypt", include_str!("native/_pywasm_scrypt.py")),
    ("_pywasm_signals", include_str!("native/_pywasm_signals.py")),
    ("_pywasm_threads", include_str!("native/_pywasm_threads.py")),
];

/// Builtin modules that only a native interpreter loads: it has zipimport in its frozen table,
/// and users.
const ONLY_NATIVE: &[&str] = &["pwd", "time"];

/// The native interpreter: a copy, since one in its build folder takes its library from there.
struct Native {
    folder: TempDir,
    /// Folders with its extension modules.
    extensions: Vec<PathBuf>,
}

fn native() -> &'static Native {
    static NATIVE: OnceLock<Native> = OnceLock::new();
    NATIVE.get_or_init(|| {
        let python = env::var_os("PYWASM_NATIVE_PYTHON").expect(
            "no native Python: run `scripts/test.sh base`, or set PYWASM_NATIVE_PYTHON to a CPython 3.13",
        );
        let folder = TempDir::new().expect("a folder");
        fs::copy(&python, folder.path().join("python")).expect("a copy of the interpreter");
        let output = Command::new(&python)
            .args(["-I", "-S", "-c", "import sys; print(*sys.path, sep='\\n')"])
            .output()
            .expect("the interpreter runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        Native {
            folder,
            extensions: text.lines().map(PathBuf::from).collect(),
        }
    })
}

/// Runs the script with the graph's modules. `Err` holds what it wrote to stderr.
pub(crate) fn run(graph: &ModuleGraph, script: &Path) -> Result<(), String> {
    // The same path each time, so that bytecode of one run serves the next.
    thread_local! {
        static HOME: TempDir = TempDir::new().expect("a folder");
    }
    HOME.with(|folder| run_in(&folder.path().join("home"), graph, script))
}

fn run_in(home: &Path, graph: &ModuleGraph, script: &Path) -> Result<(), String> {
    if home.exists() {
        fs::remove_dir_all(home).expect("an empty folder");
    }
    let library = home.join("lib/python3.13");
    fs::create_dir_all(library.join("lib-dynload")).expect("a folder");
    for module in graph.modules.values() {
        match &module.kind {
            ModuleKind::Source {
                path,
                relative,
                is_package,
                ..
            } => {
                let root = match module.origin {
                    Origin::App => home.join("app"),
                    Origin::Stdlib => library.clone(),
                    Origin::Dependency => home.join("packages"),
                };
                let target = root.join(relative);
                copy(path, &target);
                if *is_package && module.origin != Origin::Stdlib {
                    copy_data(path, &target);
                }
            }
            ModuleKind::Builtin => copy_extension(&module.name, &library.join("lib-dynload")),
            ModuleKind::Namespace { .. } => {}
        }
    }
    // A file, and not `-c`: for that, the interpreter imports linecache.
    let start = home.join("start.py");
    fs::write(&start, START).expect("a file");
    let output = Command::new(native().folder.path().join("python"))
        .args(["-S", "-s", "-P", "-X", "frozen_modules=off"])
        .arg(start)
        .arg(home)
        .arg(script)
        .env_clear()
        .env("PYTHONHOME", home)
        .env("PYTHONPYCACHEPREFIX", native().folder.path().join("bytecode"))
        .env("_PYTHON_SYSCONFIGDATA_NAME", "_sysconfigdata__wasi_wasm32-wasi")
        .current_dir(home)
        .output()
        .expect("the interpreter runs");
    if output.status.success() {
        // These cannot be taken away, so that they are in the graph has to be looked at.
        let loaded = fs::read_to_string(home.join("loaded")).expect("a list");
        let missing: Vec<&str> = loaded
            .split_whitespace()
            .filter(|name| !graph.modules.contains_key(*name) && !ONLY_NATIVE.contains(name))
            .collect();
        return if missing.is_empty() {
            Ok(())
        } else {
            Err(format!("loaded and not in the graph: {missing:?}"))
        };
    }
    Err(format!(
        "{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
    // A link is quicker, and keeps the time by which bytecode is known to be fresh.
    #[cfg(unix)]
    std::os::unix::fs::symlink(from, to).expect("a link");
    #[cfg(not(unix))]
    fs::copy(from, to).expect("a copy");
}

/// The files beside a package's `__init__.py` that are no modules.
fn copy_data(init: &Path, target: &Path) {
    for entry in fs::read_dir(init.parent().expect("a folder")).expect("a listing") {
        let path = entry.expect("an entry").path();
        if path.is_file() && path.extension().is_none_or(|extension| extension != "py") {
            copy(&path, &target.with_file_name(path.file_name().expect("a name")));
        }
    }
}

/// What is builtin on WASI is an extension of the native interpreter, or builtin there too, or the base's
/// own.
fn copy_extension(name: &str, target: &Path) {
    if let Some((_, source)) = STAND_INS.iter().find(|(module, _)| *module == name) {
        fs::write(target.join(format!("{name}.py")), source).expect("a file");
        return;
    }
    for folder in &native().extensions {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let file = entry.file_name().to_string_lossy().into_owned();
            if file
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(".cpython-") && rest.ends_with(".so"))
            {
                copy(&entry.path(), &target.join(file));
                return;
            }
        }
    }
}
