//! Async functions, streams and futures of a component, under a host with bindings of its own.
//!
//! In: `testdata/components/streams`. Out: what crosses in both directions is what was sent, calls go on at the same time,
//! and nothing of them stays behind.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, OnceLock},
    task::{Context, Poll, Waker},
};

use wasmtime::{
    Result, Store, StoreContextMut,
    component::{
        Accessor, Component, FutureConsumer, FutureReader, HasSelf, Lift, Linker, Resource, ResourceTable,
        Source, StreamConsumer, StreamReader, StreamResult,
    },
};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView, runtime::in_tokio};

use super::build_named;

mod bindings {
    /// What a token is to the host.
    #[expect(unreachable_pub, reason = "the macro makes it public")]
    pub struct Token(pub String);

    wasmtime::component::bindgen!({
        path: "testdata/components/streams/wit",
        imports: {
            "pywasm:streams/source.entries": store | trappable,
            "pywasm:streams/source.answer": store | trappable,
            default: trappable,
        },
        exports: { default: async | store },
        with: { "pywasm:streams/source.token": Token },
        require_store_data_send: true,
    });
}

use bindings::{Streams, Token, pywasm::streams::source};

/// How many callers are waited for, and those that wait.
#[derive(Default)]
struct Meeting {
    expected: usize,
    here: Vec<String>,
    waiting: Vec<Waker>,
}

struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
    meeting: Arc<Mutex<Meeting>>,
    dropped: Vec<String>,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl source::HostToken for Host {
    fn name(&mut self, token: Resource<Token>) -> Result<String> {
        Ok(self.table.get(&token)?.0.clone())
    }

    fn drop(&mut self, token: Resource<Token>) -> Result<()> {
        self.dropped.push(self.table.delete(token)?.0);
        Ok(())
    }
}

impl source::Host for Host {
    fn make(&mut self, name: String) -> Result<Resource<Token>> {
        Ok(self.table.push(Token(name))?)
    }
}

impl source::HostWithStore<Host> for HasSelf<Host> {
    async fn meet(store: &Accessor<Host, Self>, name: String) -> Result<String> {
        let meeting = store.with(|mut access| access.get().meeting.clone());
        let mut is_counted = false;
        poll_fn(|context| {
            let mut meeting = meeting.lock().expect("no panic");
            if !is_counted {
                is_counted = true;
                meeting.here.push(name.clone());
            }
            if meeting.here.len() < meeting.expected {
                meeting.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            meeting.waiting.drain(..).for_each(Waker::wake);
            let mut here = meeting.here.clone();
            here.sort();
            Poll::Ready(Ok(here.join(" ")))
        })
        .await
    }

    async fn never(_: &Accessor<Host, Self>) -> Result<()> {
        std::future::pending().await
    }

    async fn fail(_: &Accessor<Host, Self>, why: String) -> Result<Result<String, String>> {
        Ok(Err(why))
    }

    fn entries(
        mut store: wasmtime::component::Access<'_, Host, Self>,
        count: u32,
    ) -> Result<StreamReader<source::Entry>> {
        let entries = (0..count).map(|number| source::Entry {
            name: format!("e{number}"),
            size: number * 7 % 10,
        });
        StreamReader::new(&mut store, entries.collect::<Vec<_>>())
    }

    async fn count(store: &Accessor<Host, Self>, data: StreamReader<u8>) -> Result<u64> {
        Ok(collect(store, data, usize::MAX).await?.len() as u64)
    }

    async fn take(
        store: &Accessor<Host, Self>,
        tokens: StreamReader<Resource<Token>>,
        count: u32,
    ) -> Result<()> {
        let taken = collect(store, tokens, count as usize).await?;
        store.with(|mut access| {
            let host = access.get();
            for token in taken {
                host.dropped.push(host.table.delete(token)?.0);
            }
            Ok(())
        })
    }

    fn answer(mut store: wasmtime::component::Access<'_, Host, Self>) -> Result<FutureReader<String>> {
        FutureReader::new(&mut store, async { Ok::<_, wasmtime::Error>("42".to_owned()) })
    }
}

/// What a stream or future gave until its end.
struct Taken<T> {
    values: Vec<T>,
    is_over: bool,
    waiting: Option<Waker>,
}

struct Taker<T> {
    taken: Arc<Mutex<Taken<T>>>,
    most: usize,
}

impl<T> Drop for Taker<T> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().expect("no panic");
        taken.is_over = true;
        taken.waiting.take().into_iter().for_each(Waker::wake);
    }
}

impl<T: Lift + Send + 'static> StreamConsumer<Host> for Taker<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<Host>,
        mut source: Source<'_, T>,
        _: bool,
    ) -> Poll<Result<StreamResult>> {
        let mut taken = self.taken.lock().expect("no panic");
        let room = self.most - taken.values.len();
        let mut values = Vec::with_capacity(room.min(64));
        source.read(store, &mut values)?;
        taken.values.extend(values);
        Poll::Ready(Ok(match taken.values.len() == self.most {
            true => StreamResult::Dropped,
            false => StreamResult::Completed,
        }))
    }
}

impl<T: Lift + Send + Unpin + 'static> FutureConsumer<Host> for Taker<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<Host>,
        mut source: Source<'_, T>,
        _: bool,
    ) -> Poll<Result<()>> {
        let mut value = None;
        source.read(store, &mut value)?;
        self.taken.lock().expect("no panic").values.extend(value);
        Poll::Ready(Ok(()))
    }
}

fn taker<T>(most: usize) -> (Taker<T>, Arc<Mutex<Taken<T>>>) {
    let taken = Arc::new(Mutex::new(Taken {
        values: Vec::new(),
        is_over: false,
        waiting: None,
    }));
    let taker = Taker {
        taken: taken.clone(),
        most,
    };
    (taker, taken)
}

async fn end<T>(taken: Arc<Mutex<Taken<T>>>) -> Vec<T> {
    poll_fn(|context| {
        let mut taken = taken.lock().expect("no panic");
        if taken.is_over {
            return Poll::Ready(std::mem::take(&mut taken.values));
        }
        taken.waiting = Some(context.waker().clone());
        Poll::Pending
    })
    .await
}

async fn collect<T: Lift + Send + 'static>(
    store: &Accessor<Host, impl wasmtime::component::HasData>,
    stream: StreamReader<T>,
    most: usize,
) -> Result<Vec<T>> {
    let (taker, taken) = taker(most);
    store.with(|access| stream.pipe(access, taker))?;
    Ok(end(taken).await)
}

async fn value<T: Lift + Send + Unpin + 'static>(
    store: &Accessor<Host>,
    future: FutureReader<T>,
) -> Result<T> {
    let (taker, taken) = taker(1);
    store.with(|access| future.pipe(access, taker))?;
    Ok(end(taken).await.pop().expect("a value"))
}

/// The component, built as a user builds it, and compiled once.
fn component() -> &'static Component {
    static COMPONENT: OnceLock<Component> = OnceLock::new();
    COMPONENT.get_or_init(|| build_named("streams"))
}

/// Runs `work` with a new instance, and waits until nothing of its calls goes on.
fn run<R: Send>(
    expected: usize,
    work: impl AsyncFnOnce(&Accessor<Host>, &Streams) -> Result<R>,
) -> Result<(R, Host)> {
    let component = component();
    let engine = component.engine();
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    Streams::add_to_linker::<_, HasSelf<_>>(&mut linker, |host: &mut Host| host)?;
    let host = Host {
        wasi: WasiCtx::builder().inherit_stderr().build(),
        table: ResourceTable::new(),
        meeting: Arc::new(Mutex::new(Meeting {
            expected,
            ..Meeting::default()
        })),
        dropped: Vec::new(),
    };
    let mut store = Store::new(engine, host);
    in_tokio(async {
        let instance = Streams::instantiate_async(&mut store, component, &linker).await?;
        let result = store
            .run_concurrent(async |store| {
                let result = work(store, &instance).await;
                if result.is_ok() {
                    poll_fn(|context| store.poll_no_interesting_tasks(context)).await;
                }
                result
            })
            .await??;
        Ok((result, store.into_data()))
    })
}

#[test]
fn calls_go_on_at_the_same_time() {
    let ((a, b, c), _) = run(3, async |store, streams| {
        let call = |name: &str| streams.call_join(store, name.to_owned());
        let (mut a, mut b, mut c) = (Box::pin(call("a")), Box::pin(call("b")), Box::pin(call("c")));
        let mut results = [None, None, None];
        poll_fn(|context| {
            for (result, call) in results.iter_mut().zip([a.as_mut(), b.as_mut(), c.as_mut()]) {
                if result.is_none()
                    && let Poll::Ready(ready) = call.poll(context)
                {
                    *result = Some(ready);
                }
            }
            if results.iter().all(Option::is_some) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        let [a, b, c] = results.map(|result| result.expect("all have returned"));
        Ok((a?, b?, c?))
    })
    .expect("a run");
    let all = Ok("a b c".to_owned());
    assert_eq!((&a, &b, &c), (&all, &all, &all));
}

#[test]
fn an_error_is_raised_and_returned() {
    let (result, _) = run(1, async |store, streams| {
        streams.call_join(store, String::new()).await
    })
    .expect("a run");
    assert_eq!(result, Err("a name is needed".to_owned()));
}

#[test]
fn one_call_wakes_another() {
    let (text, _) = run(1, async |store, streams| {
        let mut waiting = Box::pin(streams.call_wait(store));
        let mut setting = Box::pin(streams.call_set(store, "news".to_owned()));
        let mut is_set = false;
        poll_fn(|context| {
            let waited = waiting.as_mut().poll(context);
            if waited.is_pending() && !is_set && setting.as_mut().poll(context).is_ready() {
                is_set = true;
            }
            waited
        })
        .await
    })
    .expect("a run");
    assert_eq!(text, "news");
}

#[test]
fn streams_cross_in_both_directions() {
    let (results, _) = run(1, async |store, streams| {
        let text = "Streams cross, ä included. ".repeat(100);
        let data = store.with(|access| StreamReader::new(access, text.clone().into_bytes()))?;
        let upper = streams.call_upper(store, data).await?;
        let upper = collect(store, upper, usize::MAX).await?;
        let numbers = store.with(|access| StreamReader::new(access, (0..1000).collect::<Vec<u32>>()))?;
        let total = streams.call_total(store, numbers).await?;
        let squares = streams.call_squares(store, 5).await?;
        let squares = collect(store, squares, usize::MAX).await?;
        // The reader leaves early, and the writer hears of it.
        let some = streams.call_squares(store, 1_000_000).await?;
        let some = collect(store, some, 3).await?;
        let largest = streams.call_largest(store, 25).await?;
        let sent = streams.call_send(store, 300_000).await?;
        Ok((text, upper, total, squares, some, largest, sent))
    })
    .expect("a run");
    let (text, upper, total, squares, some, largest, sent) = results;
    // As `bytes.upper` does it.
    assert_eq!(String::from_utf8(upper).expect("text"), text.to_ascii_uppercase());
    assert_eq!(total, 499_500);
    assert_eq!(squares, [0, 1, 4, 9, 16]);
    assert_eq!(some, [0, 1, 4]);
    let largest = largest.expect("an entry");
    assert_eq!((largest.name.as_str(), largest.size), ("e7", 9));
    assert_eq!(sent, 300_000);
}

#[test]
fn futures_cross_in_both_directions() {
    let ((later, unwritten, answer), _) = run(1, async |store, streams| {
        let later = streams.call_later(store, "now".to_owned()).await?;
        let later = value(store, later).await?;
        let unwritten = streams.call_unwritten(store).await?;
        let unwritten = value(store, unwritten).await?;
        let answer = streams.call_ask(store).await?;
        Ok((later, unwritten, answer))
    })
    .expect("a run");
    assert_eq!(later, Ok("now".to_owned()));
    assert_eq!(unwritten, Err("nobody wrote".to_owned()));
    assert_eq!(answer, "42");
}

#[test]
fn asyncio_does_what_it_does_elsewhere() {
    let (results, _) =
        run(1, async |store, streams| streams.call_asyncio_checks(store).await).expect("a run");
    let expected = [
        "a read timed out",
        "still here",
        "10",
        "an import was cancelled",
        "CancelledError",
        "abc",
        "[0, 1, 2]",
        "beside",
        "xyz",
    ];
    assert_eq!(results, expected);
}

#[test]
fn what_a_reader_does_not_take_stays() {
    let (left, host) = run(1, async |store, streams| streams.call_tokens(store, 5, 2).await).expect("a run");
    assert_eq!(left, ["t2", "t3", "t4"]);
    let mut dropped = host.dropped;
    dropped.sort();
    assert_eq!(dropped, ["t0", "t1", "t2", "t3", "t4"]);
}

#[test]
fn an_exception_ends_the_instance() {
    let result = run(1, async |store, streams| streams.call_boom(store).await);
    let error = result.err().expect("a trap");
    assert!(error.downcast_ref::<wasmtime::Trap>().is_some(), "{error:?}");
}
