import cycle_b

A = "a"
B = cycle_b.B
