from shop.prices import RATES


def main():
    print(RATES)
