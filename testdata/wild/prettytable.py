"""Tables with alignment, sorting, styles, HTML, CSV and JSON, read back from CSV."""

import io

from prettytable import HRuleStyle, PrettyTable, TableStyle, from_csv, from_json

table = PrettyTable(["City", "Area", "People"])
table.add_rows([["Adelaide", 1295, 1158259], ["Brisbane", 5905, 1857594], ["Darwin", 112, 120900]])
table.add_column("Rain", [600.5, 1146.4, 1714.7])
table.align["City"] = "l"
table.float_format = ".1"
table.custom_format["People"] = lambda field, value: f"{value:,}"
print(table)
print(table.get_string(sortby="Area", reversesort=True, fields=["City", "Area"], start=0, end=2, border=False))
for style in (TableStyle.MARKDOWN, TableStyle.DOUBLE_BORDER, TableStyle.ORGMODE, TableStyle.PLAIN_COLUMNS):
    table.set_style(style)
    print(table)
table.set_style(TableStyle.DEFAULT)
table.hrules = HRuleStyle.ALL
table.title = "Cities"
table.max_width["City"] = 5
print(table)
print(table.get_html_string(attributes={"id": "t"}, format=True)[:200], table.get_csv_string(), table.get_json_string(indent=None)[:80])
print(from_csv(io.StringIO("a,b\n1,2\n3,4\n")), from_json('[["x"], {"x": 1}]'), table.get_latex_string()[:40])
table.del_row(0)
print(len(table.rows), table[0:1].rows)
try:
    table.add_row([1])
except ValueError as error:
    print(error)
