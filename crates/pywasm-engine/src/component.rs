//! Runs components: their `wasi:cli/run`, or one of their functions, with values as WAVE has them.
//!
//! The component gets what the [`Command`] names, by WASI 0.2 and 0.3, and nothing else.

use std::future::poll_fn;

use wasmtime::{
    Store, StoreLimits,
    component::{
        Accessor, Component, ComponentExportIndex, Linker, ResourceTable, Type, Val,
        types::{ComponentFunc, ComponentItem},
        wasm_wave::untyped::UntypedFuncCall,
    },
};
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxView, WasiView, p2, p3, runtime::in_tokio};

use pywasm_interpreter::{Command, Exit};

use crate::{
    Engine, Error,
    run::{Captured, context, limits},
};

/// A component that is compiled for this host.
#[derive(Clone)]
pub struct ComponentProgram {
    pub(crate) component: Component,
}

/// A call that can be made in each instance of the component.
pub(crate) struct Call {
    pub(crate) index: ComponentExportIndex,
    pub(crate) arguments: Vec<Val>,
    /// How many results there are.
    pub(crate) results: usize,
}

/// Which `wasi:cli/run` a command has.
#[derive(Clone, Copy)]
enum RunVersion {
    Two,
    Three,
}

/// What a component's calls work on.
pub(crate) struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
    limits: StoreLimits,
}

impl Host {
    pub(crate) fn new(wasi: WasiCtx, limits: StoreLimits) -> Self {
        let table = ResourceTable::new();
        Self { wasi, table, limits }
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

impl ComponentProgram {
    /// Whether the component is a command: it exports `wasi:cli/run`.
    #[must_use]
    pub fn is_command(&self, engine: &Engine) -> bool {
        self.run_version(engine).is_some()
    }

    /// The version of WASI whose `wasi:cli/run` is exported.
    fn run_version(&self, engine: &Engine) -> Option<RunVersion> {
        let kind = self.component.component_type();
        kind.exports(&engine.inner).find_map(|(name, _)| {
            let version = name.strip_prefix("wasi:cli/run@0.")?;
            match version.split('.').next() {
                Some("2") => Some(RunVersion::Two),
                Some("3") => Some(RunVersion::Three),
                _ => None,
            }
        })
    }

    /// Runs a command to its end, and returns its exit code and output.
    ///
    /// # Errors
    /// When a folder cannot be mounted, the component imports what is not there, or it traps.
    pub fn run(&self, engine: &Engine, command: &Command) -> Result<Exit, Error> {
        let version = self.run_version(engine);
        in_tokio(async {
            let (linker, mut store, captured) = prepare(engine, command)?;
            let ended = match version {
                Some(RunVersion::Three) => {
                    let instance =
                        p3::bindings::Command::instantiate_async(&mut store, &self.component, &linker);
                    let instance = instance.await.map_err(Error::Instantiate)?;
                    let call = store.run_concurrent(async |store| {
                        let ended = instance.wasi_cli_run().call_run(store).await?;
                        end_of_tasks(store).await;
                        wasmtime::Result::Ok(ended)
                    });
                    call.await.flatten()
                }
                _ => {
                    let instance =
                        p2::bindings::Command::instantiate_async(&mut store, &self.component, &linker);
                    let instance = instance.await.map_err(Error::Instantiate)?;
                    instance.wasi_cli_run().call_run(&mut store).await
                }
            };
            let code = match ended {
                Ok(ended) => u32::from(ended.is_err()),
                Err(stop) => exit_code(stop)?,
            };
            Ok(captured.exit(code))
        })
    }

    /// Makes an instance and lets it go, which is what a start costs before the first call.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn start(&self, engine: &Engine, command: &Command) -> Result<(), Error> {
        in_tokio(async {
            let (linker, mut store, _) = prepare(engine, command)?;
            let instance = linker.instantiate_async(&mut store, &self.component);
            instance.await.map(drop).map_err(Error::Instantiate)
        })
    }

    /// Calls an exported function: `process-event("e-1", "{}")`, or with its interface and `#` before it.
    /// The result is written as the arguments are; there is none where the function has none.
    ///
    /// # Errors
    /// When there is no such function or several, the arguments are not of its types, and as [`Self::run`].
    pub fn invoke(&self, engine: &Engine, command: &Command, call: &str) -> Result<Option<String>, Error> {
        let wrong = |problem: String| Error::Invoke {
            call: call.to_owned(),
            problem,
        };
        let ready = self.call(engine, call)?;
        in_tokio(async {
            let (linker, mut store, _) = prepare(engine, command)?;
            let instance = linker.instantiate_async(&mut store, &self.component);
            let instance = instance.await.map_err(Error::Instantiate)?;
            // It has just been found in the component that was instantiated.
            let Some(function) = instance.get_func(&mut store, ready.index) else {
                return Err(wrong("the function is gone".to_owned()));
            };
            let mut results = vec![Val::Bool(false); ready.results];
            let call = store.run_concurrent(async |store| {
                function
                    .call_concurrent(store, &ready.arguments, &mut results)
                    .await?;
                end_of_tasks(store).await;
                wasmtime::Result::Ok(())
            });
            match call.await.flatten() {
                Ok(()) => {}
                Err(stop) => return exit_code(stop).and_then(|code| Err(Error::Exited(code))),
            }
            let text = results.first().map(Val::to_wave).transpose();
            text.map_err(|error| wrong(format!("{error:#}")))
        })
    }

    /// Reads a call and finds its function.
    pub(crate) fn call(&self, engine: &Engine, call: &str) -> Result<Call, Error> {
        let wrong = |problem: String| Error::Invoke {
            call: call.to_owned(),
            problem,
        };
        let (interface, text) = split_interface(call);
        let parsed = UntypedFuncCall::parse(text).map_err(|error| wrong(error.to_string()))?;
        let (index, function) = self.find(engine, interface, parsed.name()).map_err(wrong)?;
        let types: Vec<_> = function.params().map(|(_, kind)| kind).collect();
        if types
            .iter()
            .cloned()
            .chain(function.results())
            .any(|ty| has_end(&ty))
        {
            return Err(wrong(
                "a stream or future cannot be written on a command line".to_owned(),
            ));
        }
        let arguments = parsed.to_wasm_params(&types);
        Ok(Call {
            index,
            arguments: arguments.map_err(|error| wrong(error.to_string()))?,
            results: function.results().len(),
        })
    }

    /// The exported functions that take no arguments, each with its interface before it.
    pub(crate) fn functions_without_arguments(&self, engine: &Engine) -> Vec<String> {
        let functions = self.functions(engine).into_iter();
        let without = functions.filter(|function| function.kind.params().len() == 0);
        without.map(|function| function.full_name()).collect()
    }

    /// The exported functions, in the component's order.
    fn functions(&self, engine: &Engine) -> Vec<Function> {
        let mut functions = Vec::new();
        for (export, item) in self.component.component_type().exports(&engine.inner) {
            match item.ty {
                ComponentItem::ComponentFunc(kind) => functions.push(Function {
                    interface: None,
                    name: export.to_owned(),
                    kind,
                }),
                ComponentItem::ComponentInstance(instance) => {
                    for (name, item) in instance.exports(&engine.inner) {
                        if let ComponentItem::ComponentFunc(kind) = item.ty {
                            functions.push(Function {
                                interface: Some(export.to_owned()),
                                name: name.to_owned(),
                                kind,
                            });
                        }
                    }
                }
                _ => {}
            }
        }
        functions
    }

    /// Finds an exported function by its name, in one interface or wherever it is.
    fn find(
        &self,
        engine: &Engine,
        interface: Option<&str>,
        name: &str,
    ) -> Result<(ComponentExportIndex, ComponentFunc), String> {
        let functions = self.functions(engine);
        let is_meant = |function: &&Function| {
            function.name == name && (interface.is_none() || function.interface.as_deref() == interface)
        };
        let found: Vec<&Function> = functions.iter().filter(is_meant).collect();
        let names = |functions: &mut dyn Iterator<Item = &Function>| {
            functions
                .map(Function::full_name)
                .collect::<Vec<String>>()
                .join(", ")
        };
        match found.as_slice() {
            [function] => {
                let outer = function.interface.as_deref();
                let outer = outer.and_then(|interface| self.component.get_export_index(None, interface));
                let index = self.component.get_export_index(outer.as_ref(), name);
                let index = index.ok_or_else(|| "the function is gone".to_owned())?;
                Ok((index, function.kind.clone()))
            }
            [] => {
                let known = names(&mut functions.iter());
                Err(format!("there is no such function; there are {known}"))
            }
            several => {
                let names = names(&mut several.iter().copied());
                Err(format!("several functions have that name: {names}"))
            }
        }
    }
}

/// An exported function.
struct Function {
    interface: Option<String>,
    name: String,
    kind: ComponentFunc,
}

impl Function {
    fn full_name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Waits for what goes on after a function has returned.
async fn end_of_tasks(store: &Accessor<Host>) {
    poll_fn(|context| store.poll_no_interesting_tasks(context)).await;
}

/// Whether a value of the type has a stream or future in it.
fn has_end(ty: &Type) -> bool {
    match ty {
        Type::Stream(_) | Type::Future(_) => true,
        Type::List(list) => has_end(&list.ty()),
        Type::Option(option) => has_end(&option.ty()),
        Type::Tuple(tuple) => tuple.types().any(|ty| has_end(&ty)),
        Type::Record(record) => record.fields().any(|field| has_end(&field.ty)),
        Type::Variant(variant) => variant.cases().filter_map(|case| case.ty).any(|ty| has_end(&ty)),
        Type::Result(both) => both.ok().into_iter().chain(both.err()).any(|ty| has_end(&ty)),
        _ => false,
    }
}

/// `interface#call`; a `#` in an argument is none.
fn split_interface(call: &str) -> (Option<&str>, &str) {
    let head = call.split('(').next().unwrap_or(call);
    match head.split_once('#') {
        Some((interface, _)) => (Some(interface), &call[interface.len() + 1..]),
        None => (None, call),
    }
}

fn prepare(engine: &Engine, command: &Command) -> Result<(Linker<Host>, Store<Host>, Captured), Error> {
    let (mut wasi, captured) = context(command)?;
    if command.network {
        wasi.inherit_network()
            .allow_tcp(true)
            .allow_udp(true)
            .allow_ip_name_lookup(true);
    }
    let mut linker = Linker::new(&engine.inner);
    p2::add_to_linker_async(&mut linker)
        .and_then(|()| p3::add_to_linker(&mut linker))
        .map_err(Error::Instantiate)?;
    let host = Host::new(wasi.build(), limits(command.most_memory));
    let mut store = Store::new(&engine.inner, host);
    store.limiter(|host| &mut host.limits);
    Ok((linker, store, captured))
}

/// The code with which the program left, or the trap.
fn exit_code(stop: wasmtime::Error) -> Result<u32, Error> {
    match stop.downcast_ref::<I32Exit>() {
        Some(exit) => Ok(exit.0.cast_unsigned()),
        None => Err(Error::Trap(stop)),
    }
}

#[cfg(test)]
mod tests {
    use super::split_interface;

    #[test]
    fn an_interface_stands_before_the_name() {
        assert_eq!(split_interface("run(1)"), (None, "run(1)"));
        assert_eq!(
            split_interface("a:b/c@1.0.0#run(\"#\")"),
            (Some("a:b/c@1.0.0"), "run(\"#\")")
        );
        assert_eq!(split_interface("run(\"a#b\")"), (None, "run(\"a#b\")"));
    }
}
