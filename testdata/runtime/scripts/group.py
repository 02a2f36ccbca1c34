# An uncaught exception group.
raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
