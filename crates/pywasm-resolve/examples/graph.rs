//! tmp
#![allow(clippy::print_stdout, clippy::unwrap_used)]
use pywasm_project::*;
use pywasm_resolve::*;
use std::path::Path;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let base = Path::new("/tmp/base-dev");
    let m: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(base.join("manifest.json")).unwrap()).unwrap();
    let list = |v: &serde_json::Value| {
        v.as_array()
            .unwrap()
            .iter()
            .map(|s| s.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let p = match Project::load(Path::new(&a[1]), &Overrides::default()) {
        Ok(p) => p,
        Err(e) => {
            println!("error: {e}");
            return;
        }
    };
    let mut roots: Vec<Root> = p
        .source_roots
        .iter()
        .map(|r| Root {
            path: r.clone(),
            origin: Origin::App,
            label: String::new(),
        })
        .collect();
    roots.push(Root {
        path: base.join("stdlib").canonicalize().unwrap(),
        origin: Origin::Stdlib,
        label: "<stdlib>/".into(),
    });
    for r in &p.paths {
        roots.push(Root {
            path: r.clone(),
            origin: Origin::Dependency,
            label: "vendor/".into(),
        })
    }
    let req = Request {
        entry: p.entry.clone(),
        roots,
        builtins: list(&m["builtins"]).into_iter().collect(),
        c_imports: m["c_imports"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(k, v)| (k.clone(), list(v)))
            .collect(),
        stdlib_names: list(&m["stdlib_names"]).into_iter().collect(),
        python: (3, 13, 15),
        include: p.include.clone(),
        exclude: p.exclude.clone(),
        keeps_sources: false,
        dependencies: p.dependencies.clone(),
    };
    let t = std::time::Instant::now();
    match resolve(&req) {
        Ok(r) => {
            match a.get(2).map(String::as_str) {
                Some("text") => println!("{}", r.graph.to_text()),
                Some("json") => println!("{}", r.graph.to_json()),
                Some("why") => println!(
                    "{}",
                    r.graph
                        .why(&a[3])
                        .map(|c| c.to_string())
                        .unwrap_or("not there".into())
                ),
                _ => {
                    let mut t = 0;
                    let mut l: Vec<_> = r
                        .graph
                        .modules
                        .values()
                        .map(|m| match &m.kind {
                            ModuleKind::Source { size, .. } => {
                                t += size;
                                (*size, m.name.clone())
                            }
                            _ => (0, m.name.clone() + "*"),
                        })
                        .collect();
                    l.sort();
                    l.reverse();
                    println!("{} modules {} bytes {:?}", l.len(), t, l);
                    println!("left out {}", r.left_out.len());
                }
            }
            for w in r.warnings {
                println!("\nwarning: {w}")
            }
        }
        Err(e) => {
            println!("error: {e}");
            for w in e.warnings {
                println!("\nwarning: {w}")
            }
        }
    }
    eprintln!("{:?}", t.elapsed());
}
