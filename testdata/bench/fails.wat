;; A component whose `run` gives an error.
(component
  (core module $module
    (func (export "run") (result i32) (i32.const 1)))
  (core instance $inner (instantiate $module))
  (func $run (result (result)) (canon lift (core func $inner "run")))
  (instance $interface (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $interface)))
