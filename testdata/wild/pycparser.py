"""Parses C, walks and shows the tree, explains declarations, and writes C again."""

from pycparser import c_ast, c_generator, c_parser

SOURCE = r"""
typedef unsigned long size_t;
struct point { int x, y; struct point *next; };
enum colour { RED, GREEN = 5 };
static const char *names[] = { "a", "b" };
int (*handler)(const char *, int);
int sum(struct point *p, size_t n) {
    int total = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i].x > 3 && !p[i].y) continue;
        total += p[i].x ? p->y << 2 : sizeof(int);
    }
    switch (total) { case 1: return -1; default: break; }
    do { total--; } while (total > 100);
    return total;
}
"""
tree = c_parser.CParser().parse(SOURCE, "sample.c")
print([type(item).__name__ for item in tree.ext])


class Names(c_ast.NodeVisitor):
    def visit_FuncDef(self, node):
        print("function", node.decl.name, node.decl.coord.line, [p.name for p in node.decl.type.args.params])
        self.generic_visit(node)

    def visit_Decl(self, node):
        print("declared", node.name, type(node.type).__name__, node.storage, node.quals)

    def visit_BinaryOp(self, node):
        print("binary", node.op)


Names().visit(tree)
print(c_generator.CGenerator().visit(tree))
tree.ext[4].show()
try:
    c_parser.CParser().parse("int f( { }", "bad.c")
except Exception as error:
    print(type(error).__name__, error)
