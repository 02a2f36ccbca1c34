import json

import pytest


def price(items):
    return sum(item["price"] * item.get("count", 1) for item in items)


@pytest.fixture
def basket(tmp_path):
    file = tmp_path / "basket.json"
    file.write_text(json.dumps([{"price": 3, "count": 2}, {"price": 4}]))
    return json.loads(file.read_text())


def test_price(basket):
    assert price(basket) == 10


@pytest.mark.parametrize("count", [1, 2, 3])
def test_count(count):
    assert price([{"price": 2, "count": count}]) == 2 * count


def test_wrong(basket):
    assert price(basket) == {"price": 11, "items": len(basket)}


def test_raises():
    with pytest.raises(KeyError, match="price"):
        price([{}])


@pytest.mark.skip(reason="later")
def test_later():
    raise AssertionError


def test_output(capsys, monkeypatch):
    monkeypatch.setattr("json.dumps", lambda value: "patched")
    print(json.dumps(1))
    assert capsys.readouterr().out == "patched\n"
