"""Splits, formats, groups and walks SQL with comments, cases, functions and broken statements."""

import sqlparse
from sqlparse import sql, tokens

SQL = """select a.id, count(*) as n, case when x > 1 then 'big' else 'small' end kind from tab a -- note
left join other b on a.id=b.id where a.name like '%x;%' and b.v in (1,2,3) group by a.id having count(*)>1 order by n desc limit 5; insert into t (a,b) values (1,'x;y'); create table z (id int primary key);"""
print([statement[:30] for statement in sqlparse.split(SQL)])
print(sqlparse.format(SQL, reindent=True, keyword_case="upper", identifier_case="lower", strip_comments=True))
print(sqlparse.format("select a,b from c where d=1 and e=2", reindent_aligned=True), sqlparse.format("select 1 -- x\n", strip_whitespace=True, output_format="python"), sqlparse.format("select a, b, c", reindent=True, comma_first=True, indent_width=4))
statement = sqlparse.parse(SQL)[0]
print(statement.get_type(), [(type(token).__name__, str(token)[:15]) for token in statement.tokens if not token.is_whitespace])
identifiers = next(token for token in statement.tokens if isinstance(token, sql.IdentifierList))
print([(item.get_real_name(), item.get_alias(), item.has_alias()) for item in identifiers.get_identifiers()])
where = next(token for token in statement.tokens if isinstance(token, sql.Where))
print([str(token) for token in where.get_sublists()], [token.value for token in statement.flatten() if token.ttype is tokens.Keyword][:6])
statement._pprint_tree(max_depth=1)
for broken in ["select (", "begin; if x then", "declare @a int", "update t set a = 'unclosed"]:
    print(sqlparse.parse(broken)[0].get_type(), [str(t) for t in sqlparse.parse(broken)[0].tokens])
