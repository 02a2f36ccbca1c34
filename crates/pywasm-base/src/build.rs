//! Builds a base with the recipe inside this crate and the machine's toolchain, and installs it in
//! the store. If the build fails, the error shows the end of the log, which is kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use crate::base::{Base, OPTIMIZED};
use crate::error::{Error, IoContext as _};
use crate::home::{self, Home};
use crate::lock::Lock;
use crate::recipe::{self, Pins};
use crate::seal::seal;
use crate::sources::{PinnedFile, SourceOptions, obtain};
use crate::store::{Installation, Store};
use crate::toolchain::{self, Host, Sysroot, Toolchain};
use pywasm_host::Progress;
use pywasm_host::program::{self, run_checked};

/// Makes a linked module smaller, or says why it cannot.
pub type Optimize = fn(&[u8]) -> Result<Vec<u8>, String>;

/// How to build a base.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// The Python version, `3.13.15` or `3.13`; `None` means the recipe's default.
    pub python: Option<String>,
    /// A folder with source archives, or one archive; the others are downloaded.
    pub sources: Option<PathBuf>,
    /// Whether downloads are forbidden.
    pub offline: bool,
    /// The work folder, which must be empty or not exist yet. It is kept, with the native interpreter
    /// at `native/python`. `None` means a temporary folder.
    pub keep_work: Option<PathBuf>,
    /// The number of parallel jobs; `None` means one for each processor.
    pub jobs: Option<usize>,
    /// Makes the optimized form. Where there is none, the base has no optimized form, and each build
    /// with it optimizes for itself.
    pub optimize: Option<Optimize>,
    /// The machine.
    pub host: Host,
}

/// Builds a base and installs it, even if the store has one from the same recipe.
pub fn build(home: &Home, options: &BuildOptions, progress: &dyn Progress) -> Result<Installation, Error> {
    let pins = Pins::embedded()?;
    let python = pins.choose_python(options.python.as_deref())?;
    options.host.toolchain()?;
    let lock = lock(home, progress)?;
    build_locked(home, &pins, python, options, &lock, progress)
}

/// Finds the best base in the store for a project (see [`Store::find_best`]), or builds a new one;
/// then [`Installation::was_there`] is false, and the caller informs the user.
pub fn provision(
    home: &Home,
    options: &BuildOptions,
    progress: &dyn Progress,
) -> Result<Installation, Error> {
    let store = Store::new(home);
    let pins = Pins::embedded()?;
    let wanted = options.python.as_deref().unwrap_or(pins.default_python());
    let find = || -> Result<Option<Installation>, Error> {
        Ok(store.find_best(wanted)?.map(|base| Installation {
            base,
            was_there: true,
        }))
    };
    if let Some(found) = find()? {
        return Ok(found);
    }
    let python = pins.choose_python(options.python.as_deref())?;
    options.host.toolchain()?;
    let lock = lock(home, progress)?;
    // Another process may have built it while it had the lock.
    match find()? {
        Some(found) => Ok(found),
        None => build_locked(home, &pins, python, options, &lock, progress),
    }
}

fn lock(home: &Home, progress: &dyn Progress) -> Result<Lock, Error> {
    let lock = home::ensure_folder(home.build())?.join(".lock");
    Lock::acquire(&lock, "another base build to finish", progress)
}

fn build_locked(
    home: &Home,
    pins: &Pins,
    python: &str,
    options: &BuildOptions,
    _lock: &Lock,
    progress: &dyn Progress,
) -> Result<Installation, Error> {
    let toolchain = options.host.toolchain()?;
    sweep(&home.build())?;
    let job = Job::new(home, python, options)?;
    let sysroot = job.collect_inputs(home, pins, &toolchain, progress)?;
    recipe::write(&job.recipe())?;
    job.run_script(&toolchain, &sysroot, home, progress)?;
    job.optimize(progress)?;
    seal(&job.out(), recipe::digest(), progress)?;
    Store::new(home).install(progress, |dir| move_contents(&job.out(), dir))
}

/// Removes the work folders of killed builds. We hold the lock, so none of them is running.
fn sweep(dir: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(dir).with_path("list", dir)? {
        let entry = entry.with_path("list", dir)?;
        if entry.file_name().to_string_lossy().starts_with(".tmp-") {
            fs::remove_dir_all(entry.path()).with_path("remove", &entry.path())?;
        }
    }
    Ok(())
}

/// One build and its folders.
struct Job<'a> {
    python: &'a str,
    options: &'a BuildOptions,
    /// A temporary folder, which is removed when the build ends.
    folder: tempfile::TempDir,
    /// The script's work folder: the user's, or one inside `folder`.
    work: PathBuf,
}

impl<'a> Job<'a> {
    fn new(home: &Home, python: &'a str, options: &'a BuildOptions) -> Result<Self, Error> {
        let parent = home.build();
        let folder = tempfile::Builder::new()
            .prefix(".tmp-")
            .tempdir_in(&parent)
            .with_path("create a folder in", &parent)?;
        let work = match &options.keep_work {
            Some(work) => std::path::absolute(work).with_path("find", work)?,
            None => folder.path().join("work"),
        };
        if let Some(path) = [folder.path(), work.as_path()]
            .into_iter()
            .find(|path| has_white_space(path))
        {
            return Err(Error::WorkPath {
                path: path.to_owned(),
            });
        }
        home::ensure_folder(work.clone())?;
        if fs::read_dir(&work).with_path("list", &work)?.next().is_some() {
            return Err(Error::WorkNotEmpty { path: work });
        }
        Ok(Self {
            python,
            options,
            folder,
            work,
        })
    }

    fn recipe(&self) -> PathBuf {
        self.folder.path().join("recipe")
    }

    fn sources(&self) -> PathBuf {
        self.folder.path().join("sources")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Obtains the source archives and the C library, and returns the C library's folder.
    fn collect_inputs(
        &self,
        home: &Home,
        pins: &Pins,
        toolchain: &Toolchain,
        progress: &dyn Progress,
    ) -> Result<PathBuf, Error> {
        let mut wanted: Vec<PinnedFile> = pins
            .archives(self.python)
            .into_iter()
            .map(PinnedFile::from)
            .collect();
        if toolchain.sysroot == Sysroot::Package {
            wanted.push(toolchain::libc_package()?);
        }
        let places = SourceOptions {
            given: self.options.sources.as_deref(),
            offline: self.options.offline,
        };
        let mut paths = obtain(home, &wanted, places, progress)?;
        let sysroot = match &toolchain.sysroot {
            Sysroot::Folder(folder) => folder.clone(),
            Sysroot::Package => {
                let deb = paths.pop().unwrap_or_default();
                let root = self.folder.path().join("sysroot");
                let mut unpack = Command::new("dpkg-deb");
                run_checked(unpack.arg("-x").arg(deb).arg(&root), progress)?;
                root.join("usr")
            }
        };
        let sources = home::ensure_folder(self.sources())?;
        for (wanted, path) in wanted.iter().zip(paths) {
            progress.check()?;
            fs::copy(&path, sources.join(&wanted.file)).with_path("copy", &path)?;
        }
        Ok(sysroot)
    }

    fn run_script(
        &self,
        toolchain: &Toolchain,
        sysroot: &Path,
        home: &Home,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let jobs = self
            .options
            .jobs
            .or_else(|| available_parallelism().ok().map(usize::from))
            .unwrap_or(1);
        let temporary = home::ensure_folder(self.folder.path().join("tmp"))?;
        let out = home::ensure_folder(self.out())?;
        let mut command = Command::new("bash");
        // The user's environment must not influence a compiler.
        command
            .arg(self.recipe().join("build.sh"))
            .current_dir(&self.work)
            .env_clear()
            .env("PATH", &self.options.host.path)
            .env("HOME", &temporary)
            .env("TMPDIR", &temporary)
            .env("LC_ALL", "C.UTF-8")
            .env("PYWASM_PYTHON_VERSION", self.python)
            .env("PYWASM_SOURCES", self.sources())
            .env("PYWASM_RECIPE", self.recipe())
            .env("PYWASM_WORK", &self.work)
            .env("PYWASM_OUT", out)
            .env("PYWASM_CLANG", &toolchain.clang)
            .env("PYWASM_AR", &toolchain.ar)
            .env("PYWASM_RANLIB", &toolchain.ranlib)
            .env("PYWASM_SYSROOT", sysroot)
            .env("PYWASM_JOBS", jobs.max(1).to_string());
        let mut step = "start".to_owned();
        let exit = program::run(&mut command, progress, &mut |line| {
            if let Some(text) = line.strip_prefix("step: ") {
                progress.step(text);
                step = text.to_owned();
            }
        })?;
        if exit.status.success() {
            return Ok(());
        }
        let (log, tail) = self.keep_log(home, exit.tail)?;
        Err(Error::Build {
            step,
            status: exit.status.to_string(),
            tail,
            log,
        })
    }

    fn optimize(&self, progress: &dyn Progress) -> Result<(), Error> {
        let Some(optimize) = self.options.optimize else {
            return Ok(());
        };
        progress.step("optimize the interpreter");
        let (from, to) = (self.out().join("base.wasm"), self.out().join(OPTIMIZED));
        let module = fs::read(&from).with_path("read", &from)?;
        let smaller = optimize(&module).map_err(Error::Optimize)?;
        fs::write(&to, smaller).with_path("write", &to)
    }

    /// Saves the log, and returns its path and its last lines.
    fn keep_log(&self, home: &Home, stderr: Vec<String>) -> Result<(PathBuf, Vec<String>), Error> {
        let mut log = fs::read(self.work.join("build.log")).unwrap_or_default();
        log.extend(stderr.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()));
        let kept = home.build().join(format!("cpython-{}-failed.log", self.python));
        fs::write(&kept, &log).with_path("write", &kept)?;
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(program::TAIL)..]
            .iter()
            .map(|line| (*line).to_owned());
        Ok((kept, tail.collect()))
    }
}

/// CPython's makefiles name their folder without quotes.
fn has_white_space(path: &Path) -> bool {
    path.to_string_lossy().contains(char::is_whitespace)
}

/// Moves the contents of a folder into an empty one on the same file system.
fn move_contents(from: &Path, to: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(from).with_path("list", from)? {
        let entry = entry.with_path("list", from)?;
        fs::rename(entry.path(), to.join(entry.file_name())).with_path("move", &entry.path())?;
    }
    Ok(())
}

/// Finds the best base in the store for `python`, without building one.
pub fn find_base(home: &Home, python: Option<&str>) -> Result<Option<Base>, Error> {
    let pins = Pins::embedded()?;
    Store::new(home).find_best(python.unwrap_or(pins.default_python()))
}

#[cfg(all(test, unix))]
pub(crate) mod tests {
    //! Tests what happens around a recipe, with a script of a few lines in the place of `bash`. The
    //! real recipe takes minutes; the project's scripts test it.

    use super::*;
    use pywasm_digest::Digest;
    use pywasm_host::Quiet;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    const FILLS: &str = r#"
        echo 'step: fill'; echo noise; echo log > "$PYWASM_WORK/build.log"
        cat "$PYWASM_SOURCES/a.tar" > "$PYWASM_OUT/base.wasm"
        mkdir "$PYWASM_OUT/stdlib" "$PYWASM_WORK/native"
        env | sed 's/=.*//' | sort > "$PYWASM_OUT/stdlib/environment"
        test -f "$PYWASM_RECIPE/sources.json" && test -d "$PYWASM_SYSROOT"
        echo '{"schema": 1, "abi": 3, "python": "'$PYWASM_PYTHON_VERSION'", "builtins": [], "c_imports": {},
          "stdlib_names": [], "toolchain": {}, "sources": []}' > "$PYWASM_OUT/manifest.json"
    "#;

    struct Place {
        dir: tempfile::TempDir,
        home: Home,
        options: BuildOptions,
        pins: Pins,
    }

    /// Writes a program through another process. If this process had it open for writing while another
    /// test forks, running it would fail ("text file busy").
    pub(crate) fn write_program(path: &Path, script: &str) {
        home::ensure_folder(path.parent().expect("a parent").to_owned()).expect("a folder");
        let text = format!("#!/bin/sh\nPATH=/usr/bin:/bin\nset -e\n{script}\n");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", r#"printf %s "$1" > "$0" && chmod +x "$0""#])
            .arg(path)
            .arg(text);
        assert!(shell.status().expect("runs").success());
    }

    /// Prepares a machine whose `bash` runs `script`, and one source archive in `downloads`.
    fn place(script: &str) -> Place {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::new(&dir.path().join("home")).expect("a home");
        let (sdk, bin) = (dir.path().join("sdk"), dir.path().join("bin"));
        for name in ["clang", "llvm-ar", "llvm-ranlib"] {
            write_program(&sdk.join("bin").join(name), "");
        }
        home::ensure_folder(sdk.join("share/wasi-sysroot")).expect("a folder");
        for name in ["cc", "make", "tar", "xz", "tclsh"] {
            write_program(&bin.join(name), "");
        }
        write_program(&bin.join("bash"), script);
        home::ensure_folder(home.downloads()).expect("a folder");
        fs::write(home.downloads().join("a.tar"), "content").expect("written");
        let pins = format!(
            r#"{{"schema": 1, "default": "3.13.15", "archives": [{{"name": "cpython", "version": "3.13.15",
            "file": "a.tar", "sha256": "{}"}}]}}"#,
            Digest::compute(b"content")
        );
        let host = Host {
            path: bin.into(),
            wasi_sdk: Some(sdk),
        };
        let options = BuildOptions {
            offline: true,
            host,
            jobs: Some(3),
            ..BuildOptions::default()
        };
        Place {
            dir,
            home,
            options,
            pins: Pins::parse(pins.as_bytes()).expect("pins"),
        }
    }

    fn run(place: &Place, progress: &dyn Progress) -> Result<Installation, Error> {
        let lock = lock(&place.home, progress)?;
        build_locked(
            &place.home,
            &place.pins,
            "3.13.15",
            &place.options,
            &lock,
            progress,
        )
    }

    fn left_over(place: &Place) -> Vec<String> {
        let entries = fs::read_dir(place.home.build()).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_build_from_end_to_end() {
        #[derive(Default)]
        struct Steps(Mutex<Vec<String>>);
        impl Progress for Steps {
            fn step(&self, text: &str) {
                self.0.lock().expect("steps").push(text.to_owned());
            }
        }
        let place = place(FILLS);
        let steps = Steps::default();
        let installed = run(&place, &steps).expect("built");
        let steps = steps.0.into_inner().expect("steps");
        assert_eq!(
            steps,
            ["fill", "hash the base's files", "verify the base's files"]
        );
        assert!(installed.base.is_current() && !installed.was_there);
        assert_eq!(fs::read(installed.base.wasm()).expect("read"), b"content");
        // A shell sets PWD and some others by itself; everything else comes from us.
        let environment = fs::read_to_string(installed.base.stdlib().join("environment")).expect("read");
        let names = environment
            .lines()
            .filter(|name| !["_", "PWD", "OLDPWD", "SHLVL"].contains(name));
        let expected = "HOME LC_ALL PATH PYWASM_AR PYWASM_CLANG PYWASM_JOBS PYWASM_OUT PYWASM_PYTHON_VERSION \
                        PYWASM_RANLIB PYWASM_RECIPE PYWASM_SOURCES PYWASM_SYSROOT PYWASM_WORK TMPDIR";
        assert_eq!(names.collect::<Vec<_>>().join(" "), expected);
        assert_eq!(left_over(&place), [".lock"]);
        assert!(run(&place, &Quiet).expect("built again").was_there, "the same id");
    }

    #[test]
    fn white_space_in_the_path_is_refused_at_once() {
        let mut place = place(FILLS);
        let work = place.dir.path().join("my work");
        place.options.keep_work = Some(work.clone());
        let error = run(&place, &Quiet).map(|_| ()).expect_err("refused");
        assert!(
            matches!(&error, Error::WorkPath { path } if *path == work),
            "{error}"
        );
        assert!(!work.exists());
    }

    #[test]
    fn the_work_folder_can_be_kept() {
        let mut place = place(FILLS);
        let work = place.dir.path().join("work");
        place.options.keep_work = Some(work.clone());
        run(&place, &Quiet).expect("built");
        assert!(work.join("native").is_dir());
        assert!(matches!(run(&place, &Quiet), Err(Error::WorkNotEmpty { .. })));
    }

    #[test]
    fn a_failed_build_shows_the_end_of_the_log() {
        let script = "echo 'step: break'; seq 100 > \"$PYWASM_WORK/build.log\"; echo oh no >&2; exit 4";
        let place = place(script);
        let error = run(&place, &Quiet).expect_err("failed");
        let text = error.to_string();
        assert!(
            text.starts_with("the base build failed at step `break` (exit status: 4):\n  87\n"),
            "{text}"
        );
        assert!(text.ends_with("\n  100\n  oh no"), "{text}");
        let log = place.home.build().join("cpython-3.13.15-failed.log");
        assert_eq!(
            error.hint(),
            Some(format!("read the whole log in {}", log.display()))
        );
        assert!(fs::read_to_string(log).expect("read").starts_with("1\n2\n"));
        assert_eq!(left_over(&place), [".lock", "cpython-3.13.15-failed.log"]);
        assert!(Store::new(&place.home).list().expect("listed").bases.is_empty());
    }

    #[test]
    fn a_stopped_build_leaves_nothing() {
        struct Stop(AtomicBool);
        impl Progress for Stop {
            fn step(&self, text: &str) {
                self.0.store(text == "sleep", Ordering::SeqCst);
            }
            fn cancelled(&self) -> bool {
                self.0.load(Ordering::SeqCst)
            }
        }
        let place = place("echo 'step: sleep'; sleep 600");
        let result = run(&place, &Stop(AtomicBool::new(false)));
        assert!(matches!(result, Err(Error::Cancelled)));
        assert_eq!(left_over(&place), [".lock"]);
    }

    #[test]
    fn leftovers_of_a_killed_build_are_removed() {
        let place = place(FILLS);
        home::ensure_folder(place.home.build().join(".tmp-dead/work")).expect("a folder");
        run(&place, &Quiet).expect("built");
        assert_eq!(left_over(&place), [".lock"]);
    }

    #[test]
    fn a_script_that_fills_nothing_is_an_error() {
        let place = place("exit 0");
        let error = run(&place, &Quiet).expect_err("no manifest").to_string();
        assert!(
            error.starts_with("cannot read `") && error.ends_with("manifest.json`"),
            "{error}"
        );
        let without = FILLS.replace("base.wasm", "other.wasm");
        let place = self::place(&without);
        let error = run(&place, &Quiet).expect_err("no base.wasm");
        assert!(matches!(error, Error::Manifest { .. }), "{error}");
        assert_eq!(left_over(&place), [".lock"]);
    }
}
