/* The extension modules that a build links into the base. */
#ifndef PYWASM_EXTENSIONS_H
#define PYWASM_EXTENSIONS_H

/* Makes them builtin modules. Call it before the interpreter starts. 0, or -1: out of memory. */
int pywasm_register_extensions(void);

#endif
