x = 1
import b
x = 2
