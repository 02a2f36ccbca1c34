# /// script
# dependencies = ["graphql-core"]
# ///
"""A schema from text and from code, queries with fragments, variables, mutations, coroutines and errors."""

import asyncio

from graphql import GraphQLArgument, GraphQLField, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, build_schema, graphql, graphql_sync, parse, print_ast, print_schema, validate

BOOKS = [{"title": "A", "pages": 10, "tags": ["x"]}, {"title": "B", "pages": 20, "tags": []}]
schema = build_schema('''
enum Kind { LONG SHORT }
interface Item { title: String! }
"A book."
type Book implements Item { title: String!, pages(unit: Int = 1): Int, tags: [String!]!, kind: Kind }
input Filter { min: Int! }
type Query { books(filter: Filter): [Book!]!, book(title: ID!): Book }
type Mutation { add(title: String!): Book }
''')
schema.query_type.fields["books"].resolve = lambda root, info, filter=None: [b for b in BOOKS if not filter or b["pages"] >= filter["min"]]
schema.query_type.fields["book"].resolve = lambda root, info, title: next(b for b in BOOKS if b["title"] == title)
schema.type_map["Book"].fields["pages"].resolve = lambda book, info, unit: book["pages"] // unit
schema.type_map["Book"].fields["kind"].resolve = lambda book, info: "LONG" if book["pages"] > 15 else "SHORT"
schema.mutation_type.fields["add"].resolve = lambda root, info, title: BOOKS.append({"title": title, "pages": 1, "tags": []}) or BOOKS[-1]
query = "query Q($min: Int!, $more: Boolean = true) { books(filter: {min: $min}) { ...F } other: book(title: \"A\") { pages(unit: 2) @include(if: $more) __typename } } fragment F on Book { title kind tags }"
print(graphql_sync(schema, query, variable_values={"min": 15}).formatted)
for bad in ["{ books { nothing } }", "{ book(title: \"Z\") { title } }", "{ books {", "query Q($m: Int!) { books(filter: {min: $m}) { title } }", "mutation { add(title: 3) { title } }"]:
    print([(error.message, error.locations, error.path) for error in graphql_sync(schema, bad).errors])
print(graphql_sync(schema, 'mutation { add(title: "C") { title pages } }').data, len(graphql_sync(schema, "{ __schema { types { name } } }").data["__schema"]["types"]))
print(print_schema(schema), print_ast(parse(query)), validate(schema, parse("{ x }"))[0])


async def slow(root, info, n):
    await asyncio.sleep(0)
    return [f"{i}" for i in range(n)]


code = GraphQLSchema(GraphQLObjectType("Query", {"slow": GraphQLField(GraphQLList(GraphQLString), {"n": GraphQLArgument(GraphQLNonNull(GraphQLInt))}, slow)}))
print(asyncio.run(graphql(code, "{ a: slow(n: 2) b: slow(n: 1) }")).data)
