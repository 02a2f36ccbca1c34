import json

from componentize_py_types import Err
from wit_world import exports

PRICES = json.loads('{"apple": 30, "plum": 12}')


class Prices(exports.Prices):
    def price(self, name: str, count: int) -> int:
        if name not in PRICES:
            raise Err(f"there is no {name}")
        return PRICES[name] * count

    def names(self) -> list[str]:
        return sorted(PRICES)

    def total(self) -> int:
        return sum(PRICES.values())
