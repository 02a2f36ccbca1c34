"""Writes a module's bytecode as a C array, without the docstrings.

In: a module's name, its source file, the header file to write (the arguments of CPython's Programs/_freeze_module.py,
in whose place the cross build runs this), and how to declare the array, `const` unless given. Out: the header. Line
numbers and asserts stay as they are: only string statements leave, which do nothing at run time but fill `__doc__`.
"""

import ast
import marshal
import sys


class WithoutStrings(ast.NodeTransformer):
    """Takes out every statement that is a bare string."""

    def visit_Expr(self, node):
        constant = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if constant else node

    def generic_visit(self, node):
        super().generic_visit(node)
        if getattr(node, "body", None) == []:
            node.body = [ast.Pass(lineno=node.lineno, col_offset=0, end_lineno=node.lineno, end_col_offset=0)]
        return node


def main(name, source, header, storage="const"):
    with open(source, "rb") as file:
        tree = WithoutStrings().visit(ast.parse(file.read(), source))
    code = marshal.dumps(compile(tree, f"<frozen {name}>", "exec", dont_inherit=True, optimize=0))
    lines = [f"{storage} unsigned char _Py_M__{name.replace('.', '_')}[] = {{"]
    lines += [",".join(map(str, code[at : at + 24])) + "," for at in range(0, len(code), 24)]
    with open(header, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n};\n")


main(*sys.argv[1:])
