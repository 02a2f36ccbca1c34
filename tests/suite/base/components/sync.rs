//! Components of worlds without async, under a host with bindings of its own.
//!
//! In: `testdata/components/processor` and `gateway`. Out: right answers, errors as errors, a trap with its traceback;
//! values and resources in both directions; and no growth of memory over many calls.

use std::sync::OnceLock;

use wasmtime::{
    ResourceLimiter, Result, Store,
    component::{Component, HasSelf, Linker, Resource, ResourceAny, ResourceTable},
};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView, p2::pipe::MemoryOutputPipe};

use super::build_named;

mod processor {
    wasmtime::component::bindgen!({ path: "testdata/components/processor/wit" });
}

mod gateway {
    use std::collections::BTreeMap;

    /// What a bucket is to the host.
    #[expect(unreachable_pub, reason = "the macro makes it public")]
    pub struct Bucket {
        pub(super) name: String,
        pub(super) values: BTreeMap<String, Vec<u8>>,
    }

    wasmtime::component::bindgen!({
        path: "testdata/components/gateway/wit",
        imports: { default: trappable },
        with: { "krun:gateway/kv.bucket": Bucket },
    });
}

use gateway::{Bucket, Gateway, krun::gateway::kv};

struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
    buckets: ResourceTable,
    errors: MemoryOutputPipe,
    log: Vec<String>,
    dropped: usize,
    /// By how many bytes its memories have grown.
    grown: usize,
}

impl Host {
    fn new() -> Self {
        let errors = MemoryOutputPipe::new(1 << 20);
        Self {
            wasi: WasiCtx::builder().stderr(errors.clone()).build(),
            table: ResourceTable::new(),
            buckets: ResourceTable::new(),
            errors,
            log: Vec::new(),
            dropped: 0,
            grown: 0,
        }
    }

    fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.errors.contents()).into_owned()
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl kv::HostBucket for Host {
    fn new(&mut self, name: String) -> Result<Resource<Bucket>> {
        let values = std::collections::BTreeMap::new();
        Ok(self.buckets.push(Bucket { name, values })?)
    }

    fn open(&mut self, name: String) -> Result<Result<Resource<Bucket>, String>> {
        Ok(Err(format!("there is no {name}")))
    }

    fn get(&mut self, bucket: Resource<Bucket>, key: String) -> Result<Result<Option<Vec<u8>>, String>> {
        if key.is_empty() {
            return Ok(Err("no key".to_owned()));
        }
        Ok(Ok(self.buckets.get(&bucket)?.values.get(&key).cloned()))
    }

    fn set(&mut self, bucket: Resource<Bucket>, key: String, value: Vec<u8>) -> Result<Result<(), String>> {
        self.buckets.get_mut(&bucket)?.values.insert(key, value);
        Ok(Ok(()))
    }

    fn rights(&mut self, _: Resource<Bucket>) -> Result<kv::Rights> {
        Ok(kv::Rights::READ | kv::Rights::WRITE)
    }

    fn drop(&mut self, bucket: Resource<Bucket>) -> Result<()> {
        self.dropped += 1;
        self.buckets.delete(bucket)?;
        Ok(())
    }
}

impl kv::Host for Host {
    fn list_keys(&mut self, bucket: Resource<Bucket>, query: kv::Query) -> Result<Vec<kv::Entry>> {
        let bucket = self.buckets.get(&bucket)?;
        let matches = |key: &&String| match &query {
            kv::Query::All => true,
            kv::Query::Prefix(prefix) => key.starts_with(prefix),
            kv::Query::Range((low, high)) => (*low..*high).contains(&(key.len() as u32)),
        };
        let keys = bucket.values.keys().filter(matches);
        Ok(keys
            .map(|key| kv::Entry {
                key: key.clone(),
                count: bucket.values[key].len() as u32,
                tags: vec![bucket.name.clone(), key.to_uppercase()],
            })
            .collect())
    }

    fn rename(&mut self, bucket: Resource<Bucket>, level: kv::Level) -> Result<Resource<Bucket>> {
        self.buckets.get_mut(&bucket)?.name += match level {
            kv::Level::Low => "-low",
            kv::Level::High => "-high",
        };
        Ok(bucket)
    }
}

impl gateway::GatewayImports for Host {
    fn log(&mut self, message: String) -> Result<()> {
        self.log.push(message);
        Ok(())
    }
}

impl ResourceLimiter for Host {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        self.grown += desired - current;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        Ok(true)
    }
}

fn linker(component: &Component) -> Linker<Host> {
    let mut linker = Linker::new(component.engine());
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker).expect("WASI");
    linker
}

/// A new instance of the gateway, and what its host has.
fn gateway() -> (Store<Host>, Gateway) {
    static COMPONENT: OnceLock<Component> = OnceLock::new();
    let component = COMPONENT.get_or_init(|| build_named("gateway"));
    let mut linker = linker(component);
    Gateway::add_to_linker::<_, HasSelf<_>>(&mut linker, |host: &mut Host| host).expect("imports");
    let mut store = Store::new(component.engine(), Host::new());
    store.limiter(|host| host);
    let gateway = Gateway::instantiate(&mut store, component, &linker).expect("an instance");
    (store, gateway)
}

#[test]
fn a_processor_answers_fails_and_traps() {
    let component = build_named("processor");
    let mut store = Store::new(component.engine(), Host::new());
    let world = processor::ProcessorWorld::instantiate(&mut store, &component, &linker(&component));
    let world = world.expect("an instance");
    let processor = world.krun_processor_data_processor();
    assert_eq!(processor.call_get_status(&mut store).expect("an answer"), "ready");
    let mut process = |payload: &[u8]| processor.call_process_event(&mut store, "e-1", payload);
    let good = process("{\"ä\": 1, \"b\": []}".as_bytes()).expect("an answer");
    assert_eq!(
        good.as_deref(),
        Ok("{\"id\": \"e-1\", \"keys\": [\"b\", \"\\u00e4\"]}")
    );
    let bad = process(b"{no").expect("an answer");
    let message = "e-1: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
    assert_eq!(bad, Err(message.to_owned()));
    // `sorted` of a number raises what the world has no place for.
    let trap = process(b"1").expect_err("a trap");
    assert!(trap.downcast_ref::<wasmtime::Trap>().is_some(), "{trap:?}");
    let stderr = store.data().stderr();
    assert!(
        stderr.contains("TypeError: 'int' object is not iterable"),
        "{stderr}"
    );
    assert_eq!(stderr.matches("Traceback").count(), 1, "{stderr}");
    assert!(stderr.contains("app.py"), "{stderr}");
}

#[test]
fn a_gateway_calls_its_host() {
    let (mut store, gateway) = gateway();
    assert_eq!(gateway.call_run(&mut store, "things").expect("an answer"), Ok(3));
    let log = [
        "b'1' None Rights.READ|WRITE",
        "no value: no key",
        "[Entry(key='a', count=1, tags=['things', 'A']), Entry(key='ab', count=2, tags=['things', 'AB'])]",
        "gone: this Bucket was dropped, given away, or borrowed for a call that has ended",
        "not opened: there is no missing",
    ];
    let said = std::mem::take(&mut store.data_mut().log);
    assert_eq!(
        said[0].replace("<", "").split(": ").next(),
        Some(log[0]),
        "{said:?}"
    );
    assert_eq!(said[1..], log[1..]);
    assert_eq!(store.data().dropped, 1);
    assert!(store.data().buckets.is_empty());
    assert_eq!(
        gateway.call_run(&mut store, "fail").expect("an answer"),
        Err("as asked".to_owned())
    );
    for value in [
        None,
        Some(None),
        Some(Some(Ok(7))),
        Some(Some(Err("no".to_owned()))),
    ] {
        let same = gateway.call_nested(
            &mut store,
            value
                .as_ref()
                .map(Option::as_ref)
                .map(|inner| inner.map(|both| both.as_ref().map(|n| *n).map_err(String::as_str))),
        );
        assert_eq!(same.expect("an answer"), value);
    }
    let trap = gateway.call_run(&mut store, "wrong").expect_err("a trap");
    assert!(trap.downcast_ref::<wasmtime::Trap>().is_some(), "{trap:?}");
    let stderr = store.data().stderr();
    assert!(stderr.contains("the result must be an int, not str"), "{stderr}");
}

#[test]
fn resources_of_the_component_are_let_go() {
    let (mut store, gateway) = gateway();
    let counters = gateway.krun_gateway_counters();
    let counter = counters.counter();
    let make = |store: &mut Store<Host>, start| -> ResourceAny {
        counter.call_constructor(store, start).expect("a counter")
    };
    let (a, b) = (make(&mut store, 5), make(&mut store, 30));
    assert_eq!(counter.call_step(&mut store, a, 2).expect("an answer"), 7);
    assert_eq!(
        counters.call_total(&mut store, &[a, b, a]).expect("an answer"),
        44
    );
    let merged = counter.call_merge(&mut store, a, b).expect("a counter");
    assert_eq!(counter.call_step(&mut store, merged, 0).expect("an answer"), 37);
    assert_eq!(counters.call_alive(&mut store).expect("an answer"), 2);
    a.resource_drop(&mut store).expect("dropped");
    merged.resource_drop(&mut store).expect("dropped");
    assert_eq!(counters.call_alive(&mut store).expect("an answer"), 0);
}

#[test]
fn many_calls_need_no_more_memory() {
    let (mut store, gateway) = gateway();
    let calls = |store: &mut Store<Host>, count: u32| {
        for _ in 0..count {
            assert_eq!(gateway.call_run(&mut *store, "things").expect("an answer"), Ok(3));
            store.data_mut().log.clear();
        }
    };
    calls(&mut store, 2_000);
    store.data_mut().grown = 0;
    calls(&mut store, 20_000);
    assert_eq!(store.data().grown, 0);
    assert!(store.data().buckets.is_empty());
}
