from .pages import render


def serve():
    print(render())
