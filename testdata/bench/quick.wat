;; The smallest command.
(module (func (export "_start")))
