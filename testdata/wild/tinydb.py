"""Documents in a file and in memory with queries, updates, operations, tables, caching and a middleware."""

import pathlib
import tempfile

from tinydb import Query, TinyDB, where
from tinydb.middlewares import CachingMiddleware
from tinydb.operations import add, delete, increment
from tinydb.storages import JSONStorage, MemoryStorage

path = pathlib.Path(tempfile.mkdtemp()) / "db.json"
with TinyDB(path, sort_keys=True, indent=1) as db:
    print(db.insert_multiple([{"name": "ann", "age": 30, "tags": ["a"]}, {"name": "bob", "age": 25}, {"name": "eve", "home": {"city": "B"}}]))
    User = Query()
    print(db.search((User.age > 26) | (User.home.city == "B")), db.count(User.name.matches("[ab]")), db.get(User.tags.any(["a"])).doc_id)
    print(db.update(increment("age"), User.name == "bob"), db.update({"x": 1}), db.upsert({"name": "new"}, User.name == "new"), db.update(delete("x"), doc_ids=[1]))
    print(db.search(~User.age.exists()), db.contains(where("name") == "zed"), db.search(User.name.test(lambda value, n: len(value) == n, 3))[0]["name"], db.search(User.fragment({"name": "eve"})))
    table = db.table("other", cache_size=2)
    table.insert({"n": 1})
    table.update(add("n", 5))
    print(table.all(), sorted(db.tables()), len(db), [document.doc_id for document in db])
    print(db.remove(User.age < 27), db.remove(doc_ids=[4]))
print(path.read_text())
with TinyDB(path, storage=CachingMiddleware(JSONStorage)) as cached:
    cached.insert({"k": "v"})
    print(len(path.read_text()) < 400, cached.storage._cache_modified_count)
memory = TinyDB(storage=MemoryStorage)
memory.insert({"list": [{"n": 1}, {"n": 2}]})
print(memory.search(Query().list.all(Query().n > 0)), memory.search(Query()["list"].map(len) == 2), repr(memory)[:8])
memory.truncate()
print(memory.all())
try:
    memory.update("bad", doc_ids=[9])
except (KeyError, TypeError, ValueError) as error:
    print(type(error).__name__)
