"""Parses, transpiles between dialects, optimizes, executes and compares SQL."""

import sqlglot
from sqlglot import diff, exp, parse_one, select
from sqlglot.executor import execute
from sqlglot.optimizer import optimize

QUERY = "SELECT a, DATE_ADD(d, INTERVAL 3 DAY) AS e, IFNULL(x, 0) FROM `t` WHERE a LIKE '%x' LIMIT 5"
for write in ["postgres", "bigquery", "snowflake", "duckdb", "tsql", "oracle", "sqlite", "spark", "clickhouse"]:
    print(write, sqlglot.transpile(QUERY, read="mysql", write=write)[0])
tree = parse_one("WITH c AS (SELECT x.a, y.b FROM x JOIN y ON x.id = y.id) SELECT a, SUM(b) FROM c GROUP BY a HAVING SUM(b) > 1")
print([table.name for table in tree.find_all(exp.Table)], tree.sql(pretty=True))
print(select("a", "b").from_("t").where("a > 1").order_by("b").sql("postgres"))
print(optimize(parse_one("SELECT a FROM (SELECT * FROM x) WHERE 1 = 1 AND a > 2 + 3"), schema={"x": {"a": "INT", "b": "INT"}}).sql())
tables = {"t": [{"g": "a", "n": 1}, {"g": "b", "n": 2}, {"g": "a", "n": 5}]}
result = execute("SELECT g, SUM(n) AS s FROM t GROUP BY g ORDER BY s DESC", tables=tables)
print(result.columns, result.rows)
print([type(edit).__name__ for edit in diff(parse_one("SELECT a + b"), parse_one("SELECT a - b"))])
try:
    parse_one("SELECT FROM WHERE (")
except sqlglot.ParseError as error:
    print(error.errors[0]["description"])
