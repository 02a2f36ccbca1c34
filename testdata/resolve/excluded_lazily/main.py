def read(text):
    import ghost
    import json

    return ghost.read(json.loads(text))


try:
    read("1")
except ImportError as error:
    print(error)
