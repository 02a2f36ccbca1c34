import target
