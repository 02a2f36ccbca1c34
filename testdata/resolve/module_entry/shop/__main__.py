from . import work
if __name__ == "__main__":
    import shop.run
