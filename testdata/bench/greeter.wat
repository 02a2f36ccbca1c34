;; A component of another world.
(component
  (core module $module
    (func (export "greet")))
  (core instance $inner (instantiate $module))
  (func $greet (canon lift (core func $inner "greet")))
  (instance $interface (export "greet" (func $greet)))
  (export "docs:greeter/greet@0.1.0" (instance $interface)))
