# What is alive at the end is finalized.
class A:
    def __del__(self): print('del')
a = A()
