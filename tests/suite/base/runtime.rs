//! The base's own C and Python files: how an artifact starts, fails and ends, and its file
//! system. `testdata/runtime/README.md` says what each case is.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::setup;

/// What the comments at a script's top ask for, as JSON.
#[derive(Default)]
struct Asked {
    args: Vec<String>,
    /// One byte a character.
    stdin: String,
    env: BTreeMap<String, String>,
    /// Whether it reads time zones.
    zones: bool,
}

fn asked(script: &Path) -> Asked {
    let mut asked = Asked::default();
    for line in setup::text(script)
        .lines()
        .take_while(|line| line.starts_with('#'))
    {
        let json = |text: &str| format!("{}: {text}", script.display());
        if let Some(text) = line.strip_prefix("# args: ") {
            asked.args = serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", json(text)));
        } else if let Some(text) = line.strip_prefix("# stdin: ") {
            asked.stdin =
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", json(text)));
        } else if line == "# zones" {
            asked.zones = true;
        } else if let Some(text) = line.strip_prefix("# env: ") {
            asked.env = serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", json(text)));
        }
    }
    asked
}

fn cases(folder: &str) -> PathBuf {
    setup::root().join("testdata/runtime").join(folder)
}

/// Builds with the sources kept, so that tracebacks show the same lines as a native Python's.
fn build(project: &Path, options: &[&str]) -> (TempDir, PathBuf) {
    let temporary = setup::temporary();
    let mut command = setup::pywasm(temporary.path());
    command
        .arg("build")
        .arg(project)
        .args(["--profile", "dev", "--name", "case", "--out-dir", "dist"]);
    setup::succeed(command.args(options));
    let wasm = temporary.path().join("dist/case.wasm");
    (temporary, wasm)
}

fn run(mut command: Command, stdin: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let stdin: Vec<u8> = stdin
        .chars()
        .map(|byte| u8::try_from(byte).expect("a byte"))
        .collect();
    // A program that does not read its input may be gone before it is written.
    let _gone = child.stdin.take().expect("it is piped").write_all(&stdin);
    child.wait_with_output().expect("it ends")
}

fn artifact(wasm: &Path, asked: &Asked, options: &[&str]) -> Output {
    let mut command = setup::pywasm(setup::root());
    command.arg("run").arg(wasm).args(options);
    for (name, value) in &asked.env {
        command.arg("--env").arg(format!("{name}={value}"));
    }
    command.arg("--").args(&asked.args);
    run(command, &asked.stdin)
}

fn native(script: &Path, asked: &Asked) -> Output {
    let mut command = setup::limited(setup::native_python(), setup::root());
    command
        .args(["-B", "-X", "utf8"])
        .arg(script)
        .args(&asked.args)
        .envs(&asked.env);
    if asked.zones {
        // The machine may have other files of time zones than the base, or none.
        let zones = setup::zones();
        command.env("TZDIR", &zones).env("PYTHONTZPATH", zones);
    }
    run(command, &asked.stdin)
}

/// What is compared: exit code, standard output and standard error.
fn told(output: &Output, folder: &str) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(folder, "/pywasm/app");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn compare(scripts: &[PathBuf]) {
    let mut different = Vec::new();
    for script in scripts {
        let asked = asked(script);
        // Alone in its folder, under a name that no module of the standard library has.
        let home = setup::temporary();
        let folder = home.path().display().to_string();
        let copy = home.path().join("case.py");
        std::fs::copy(script, &copy).expect("copies");
        let (_temporary, wasm) = build(&copy, &[]);
        let ours = told(&artifact(&wasm, &asked, &[]), &folder);
        let mut theirs = told(&native(&copy, &asked), &folder);
        // A native Python dies by the signal itself, which a shell shows as 130.
        let is_interrupt = script
            .file_stem()
            .is_some_and(|name| name.to_string_lossy().starts_with("kbd"));
        if is_interrupt && matches!(theirs.0, None | Some(130)) {
            theirs.0 = Some(130);
        }
        if ours != theirs {
            different.push(format!(
                "{}\n  artifact {ours:?}\n  native   {theirs:?}",
                script.display()
            ));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The scripts in two halves, so that two tests run side by side.
fn half(odd: usize) -> Vec<PathBuf> {
    let scripts = setup::list(&cases("scripts"));
    assert!(scripts.len() > 40, "the scripts are there");
    scripts.into_iter().skip(odd).step_by(2).collect()
}

#[test]
fn scripts_behave_as_under_a_native_python() {
    compare(&half(0));
}

#[test]
fn more_scripts_behave_as_under_a_native_python() {
    compare(&half(1));
}

/// Builds and runs a case that checks itself.
fn passes(folder: &str, build_options: &[&str], run_options: &[&str], asked: &Asked) -> String {
    let (_temporary, wasm) = build(&cases(folder).join("main.py"), build_options);
    let output = artifact(&wasm, asked, run_options);
    let (code, stdout, stderr) = told(&output, "no folder");
    assert_eq!(code, Some(0), "{folder}: {stdout}{stderr}");
    stdout
}

#[test]
fn the_image_is_a_read_only_file_system() {
    let data = [
        "--data",
        "data/**",
        "--data",
        "pack/config.json",
        "--include",
        "pack.part",
    ];
    passes("filesystem", &data, &[], &Asked::default());
    let host = setup::temporary();
    std::fs::write(host.path().join("in.txt"), "host\n").expect("writes");
    let mounted = Asked {
        args: vec!["mounted".to_owned()],
        ..Asked::default()
    };
    let mount = format!("{}::/data", host.path().display());
    passes("filesystem", &data, &["--dir", &mount], &mounted);
}

#[test]
fn named_tuples_need_no_compiler() {
    // Without its sources, as a release has it.
    let temporary = setup::temporary();
    let mut command = setup::pywasm(temporary.path());
    command.arg("build").arg(cases("tuples").join("main.py"));
    setup::succeed(command.args(["--optimize", "off", "--name", "case", "--out-dir", "dist"]));
    let output = artifact(&temporary.path().join("dist/case.wasm"), &Asked::default(), &[]);
    assert_eq!(
        told(&output, "no folder").1,
        "Made(x=1, y=2, größe=3) Made(α=1, β=2) Made() 299 Typed(x=1, y=2)\n\
         the compiler was left out of this artifact\n"
    );
}

#[test]
fn the_event_loop_needs_no_self_pipe() {
    let input = Asked {
        stdin: "one\ntwo\nthree".to_owned(),
        ..Asked::default()
    };
    assert!(passes("eventloop", &[], &[], &input).ends_with("ok\n"));
}

#[test]
fn what_was_left_out_says_so() {
    passes(
        "leftout",
        &["--include", "json", "--include", "pack"],
        &[],
        &Asked::default(),
    );
}

#[test]
fn what_wasi_lacks_says_so() {
    assert!(passes("absent", &[], &[], &Asked::default()).ends_with("ok wasi\n"));
}

#[test]
fn the_platform_is_what_pywasm_target_says() {
    let wanted = [
        ("sys.platform", pywasm_target::SYS_PLATFORM),
        ("os.name", pywasm_target::OS_NAME),
        ("platform.system()", pywasm_target::SYSTEM),
        ("platform.machine()", pywasm_target::MACHINE),
        ("platform.release()", pywasm_target::RELEASE),
        ("platform.version()", pywasm_target::VERSION),
        ("sysconfig.get_platform()", pywasm_target::SYSCONFIG_PLATFORM),
    ];
    let wanted: String = wanted.map(|(name, value)| format!("{name} {value}\n")).concat();
    assert_eq!(passes("platform", &[], &[], &Asked::default()), wanted);
}

#[test]
fn an_app_does_not_shadow_what_starts_the_interpreter() {
    let case = cases("shadow").join("main.py");
    assert_eq!(passes("shadow", &[], &[], &Asked::default()), "ok\n");
    assert_eq!(
        told(&native(&case, &Asked::default()), "no folder"),
        (Some(0), "ok\n".to_owned(), String::new())
    );
}

#[test]
fn deep_recursion_is_an_error_and_no_trap() {
    assert!(passes("recursion", &[], &[], &Asked::default()).ends_with("ok\n"));
}
