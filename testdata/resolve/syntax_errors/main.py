import one
import two
print("x"
