import sys

for name in sys.argv[1:]:
    try:
        print("ab".encode(name))
    except LookupError as error:
        print(error)
