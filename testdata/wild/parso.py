"""Parses Python of several versions with error recovery, positions, names, the same code again, and issues."""

import parso

SOURCE = '''import os as o
def f(a, *b, c=1) -> int:  # comment
    """Doc."""
    if a: return b[0](x for x in y)
    with open(z) as file, w:
        yield file
class A(B): x: int = 3
async def g(): await h
'''
module = parso.parse(SOURCE)
print(module.get_code() == SOURCE, [type(child).__name__ for child in module.children], module.end_pos)
function = next(module.iter_funcdefs())
print(function.name.value, [param.name.value for param in function.get_params()], function.annotation.value, function.is_generator(), function.get_doc_node().value, function.start_pos, function.end_pos)
print(sorted(module.get_used_names()), [str(name) for name in next(module.iter_imports()).get_defined_names()], next(module.iter_classdefs()).get_super_arglist())
leaf = module.get_leaf_for_position((4, 15))
print(leaf, leaf.prefix, leaf.get_previous_leaf(), leaf.get_next_sibling(), leaf.parent.type, function.get_last_leaf().prefix)
broken = parso.parse("def f(:\n  x = (1 +\nclass C: pass\n")
print(broken.get_code(), [node.type for node in broken.children])
grammar = parso.load_grammar(version="3.13")
for code in ["x = = 1", "return 1", "def f():\npass", "f(a=1, 2)", "match x:\n  case [a, *b]: pass\n", "print 'x'", "x: int = yield"]:
    print(repr(code), [(issue.code, issue.message, issue.start_pos) for issue in grammar.iter_errors(grammar.parse(code))])
print([issue.code for issue in grammar._get_normalizer_issues(grammar.parse("import os,sys\nx=1 \n"))], parso.split_lines("a\nb\x0cc\n", keepends=True), parso.python_bytes_to_unicode("# coding: latin-1\né".encode("latin-1")))
print(grammar.parse("f'{x!r:>{w}}'").children[0].type, parso.load_grammar(version="3.8").version_info)
