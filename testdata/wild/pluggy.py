"""Specifications, hooks with order, wrappers, first results, historic calls, and plug-ins by entry point."""

import re

import pluggy

spec, impl = pluggy.HookspecMarker("app"), pluggy.HookimplMarker("app")


class Specs:
    @spec
    def items(self, start):
        "Gives items."

    @spec(firstresult=True)
    def choose(self, options):
        "Chooses one."

    @spec(historic=True)
    def configured(self, name):
        "Hears of the configuration."


class First:
    @impl(tryfirst=True)
    def items(self, start):
        return [start, "first"]

    @impl
    def choose(self, options):
        return None


class Second:
    @impl
    def items(self):
        return ["second"]

    @impl
    def choose(self, options):
        return options[-1]

    @impl
    def configured(self, name):
        print("configured", name)


class Wrapper:
    @impl(wrapper=True)
    def items(self, start):
        return [["before"], *(yield), ["after"]]


manager = pluggy.PluginManager("app")
manager.add_hookspecs(Specs)
manager.hook.configured.call_historic(kwargs={"name": "early"})
for plugin in (Second(), First(), Wrapper()):
    manager.register(plugin, name=type(plugin).__name__.lower())
print(manager.hook.items(start=3), manager.hook.choose(options=[1, 2]))
print(sorted(name for name, _ in manager.list_name_plugin()), manager.has_plugin("first"), [c.plugin_name for c in manager.get_hookcallers(manager.get_plugin("first"))[0].get_hookimpls()])
manager.unregister(name="wrapper")
print(manager.subset_hook_caller("items", [manager.get_plugin("first")])(start=1), manager.load_setuptools_entrypoints("app"))
manager.set_blocked("third")
for attempt in (lambda: manager.register(First(), name="first"), lambda: manager.register(type("Bad", (), {"items": impl(lambda self, other: 1)})()), lambda: manager.hook.items(1)):
    try:
        print(attempt())
    except (ValueError, TypeError, pluggy.PluginValidationError) as error:
        print(type(error).__name__, re.sub(r"\d{4,}", "ID", str(error).splitlines()[0])[:60])
