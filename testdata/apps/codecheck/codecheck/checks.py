"""The checks: each is a visitor that walks one tree and collects findings."""

import ast

from .findings import Finding

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"os", "subprocess", "ctypes", "socket"}
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


class Checker(ast.NodeVisitor):
    """A visitor with a list of findings."""

    def __init__(self):
        self.findings = []

    def report(self, node, code, message):
        """Notes one finding."""
        self.findings.append(Finding.at(node, code, message))


class Safety(Checker):
    """S: what sandboxed code must not do."""

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
            self.report(node, "S1", f"call of {node.func.id}()")
        self.generic_visit(node)

    def visit_Attribute(self, node):
        if node.attr.startswith("__") and node.attr.endswith("__"):
            self.report(node, "S2", f"use of {ast.unparse(node)}")
        self.generic_visit(node)

    def visit_Import(self, node):
        for alias in node.names:
            self.check_module(node, alias.name)

    def visit_ImportFrom(self, node):
        if not node.level:
            self.check_module(node, node.module)

    def check_module(self, node, name):
        """Refuses a module and everything below it."""
        if name.partition(".")[0] in FORBIDDEN_MODULES:
            self.report(node, "S3", f"import of {name}")


class Style(Checker):
    """C: what often goes wrong."""

    def visit_ImportFrom(self, node):
        if any(alias.name == "*" for alias in node.names):
            self.report(node, "C1", f"everything imported from {node.module}")

    def visit_ExceptHandler(self, node):
        if node.type is None:
            self.report(node, "C2", "except without an exception type")
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            if isinstance(default, MUTABLE):
                self.report(default, "C3", f"mutable default {ast.unparse(default)} in {node.name}()")
        if not node.name.startswith("_") and ast.get_docstring(node) is None:
            self.report(node, "C4", f"{node.name}() has no docstring")
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Compare(self, node):
        for operator, right in zip(node.ops, node.comparators):
            if isinstance(operator, ast.Eq | ast.NotEq) and isinstance(right, ast.Constant) and right.value is None:
                self.report(node, "C5", f"comparison with None: {ast.unparse(node)}")
        self.generic_visit(node)


class Names(Checker):
    """N: names that are imported and not used."""

    def visit_Module(self, node):
        imported = {}
        for child in ast.walk(node):
            if isinstance(child, ast.Import | ast.ImportFrom):
                for alias in child.names:
                    imported[alias.asname or alias.name.partition(".")[0]] = child
        used = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
        for name, child in imported.items():
            if name not in used and name != "*":
                self.report(child, "N1", f"{name} is imported and not used")


CHECKERS = (Safety, Style, Names)


def check(tree):
    """All findings of a tree, in the order of the source."""
    findings = []
    for checker_type in CHECKERS:
        checker = checker_type()
        checker.visit(tree)
        findings += checker.findings
    return sorted(findings)
