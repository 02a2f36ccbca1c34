from my_shop.core import run

def main():
    run()

if __name__ == "__main__":
    import my_shop.never
