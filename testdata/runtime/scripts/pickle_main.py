# Classes of `__main__` can be pickled.
import pickle
class A: pass
print(type(pickle.loads(pickle.dumps(A()))).__module__)
