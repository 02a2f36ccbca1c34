# /// script
# dependencies = ["fastapi", "pydantic", "httpx"]
# ///
"""Plain and async routes, a model, a dependency and the schema, asked through httpx."""

import asyncio

import httpx
from fastapi import Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel, Field

app = FastAPI(title="Shop")


class Item(BaseModel):
    name: str = Field(..., max_length=10)
    price: float
    tags: list[str] = []


STOCK: dict[int, Item] = {}


def page(limit: int = Query(2, le=10)) -> int:
    return limit


@app.post("/items/{number}", status_code=201, response_model=Item)
def add(number: int, item: Item) -> Item:
    STOCK[number] = item
    return item


@app.get("/items")
async def items(limit: int = Depends(page)):
    return {number: item for number, item in list(STOCK.items())[:limit]}


@app.get("/items/{number}")
def item(number: int):
    if number not in STOCK:
        raise HTTPException(404, f"no item {number}")
    return STOCK[number]


async def main():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        print((await client.post("/items/1", json={"name": "pen", "price": "1.5"})).text)
        answer = await client.post("/items/2", json={"name": "a name too long", "tags": "x"})
        print(answer.status_code, answer.json())
        for path in ["/items", "/items?limit=99", "/items/1", "/items/9", "/nowhere"]:
            answer = await client.get(path)
            print(path, answer.status_code, answer.text)
        print(sorted((await client.get("/openapi.json")).json()["components"]["schemas"]))
        print((await client.get("/docs")).headers["content-type"])


asyncio.run(main())
