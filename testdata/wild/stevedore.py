"""Managers of plug-ins by entry point: named, enabled, hooks and drivers, found among what is installed."""

from stevedore import DriverManager, EnabledExtensionManager, ExtensionManager, NamedExtensionManager
from stevedore.exception import NoMatches

manager = ExtensionManager("stevedore.test.extension", invoke_on_load=False)
print(sorted(manager.names()))
print(sorted(str(extension.entry_point_target) for extension in manager))
driver = DriverManager("stevedore.test.extension", "t1", invoke_on_load=True, invoke_args=("a",))
print(type(driver.driver).__name__, driver.extensions[0].name)
named = NamedExtensionManager("stevedore.test.extension", names=["t2", "t1"], name_order=True)
print(named.names(), named.map(lambda extension: extension.plugin.__name__))
enabled = EnabledExtensionManager("stevedore.test.extension", check_func=lambda extension: extension.name != "t1")
print(enabled.names())
try:
    DriverManager("no.such.namespace", "x")
except NoMatches as error:
    print(error)
for style in ["simple", "plain", "field"]:
    example = ExtensionManager("stevedore.example.formatter")
    print(style, style in example)
missing = NamedExtensionManager("stevedore.test.extension", names=["none"], on_missing_entrypoints_callback=lambda names: print("missing", names))
print(missing.names())
