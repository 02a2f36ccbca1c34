;; A command that imports what is not WASI.
(module
  (import "env" "fetch" (func))
  (func (export "_start")))
