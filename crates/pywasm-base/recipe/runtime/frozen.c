/* The table of frozen modules, in the place of CPython's Python/frozen.c.
 *
 * In: the two headers that freeze.py writes. Out: a table with the two halves of importlib and nothing else. All other
 * modules come from the image, so there is one way in which a module can be there or not.
 */
#include "Python.h"
#include "pycore_import.h"

#include "frozen_modules/importlib._bootstrap.h"
#include "frozen_modules/importlib._bootstrap_external.h"

static const struct _frozen bootstrap_modules[] = {
    {"_frozen_importlib", _Py_M__importlib__bootstrap, (int)sizeof _Py_M__importlib__bootstrap, 0},
    {"_frozen_importlib_external", _Py_M__importlib__bootstrap_external,
     (int)sizeof _Py_M__importlib__bootstrap_external, 0},
    {0, 0, 0, 0},
};
static const struct _frozen no_modules[] = {{0, 0, 0, 0}};
static const struct _module_alias aliases[] = {
    {"_frozen_importlib", "importlib._bootstrap"},
    {"_frozen_importlib_external", "importlib._bootstrap_external"},
    {0, 0},
};

const struct _frozen *_PyImport_FrozenBootstrap = bootstrap_modules;
const struct _frozen *_PyImport_FrozenStdlib = no_modules;
const struct _frozen *_PyImport_FrozenTest = no_modules;
const struct _module_alias *_PyImport_FrozenAliases = aliases;
const struct _frozen *PyImport_FrozenModules = NULL;
