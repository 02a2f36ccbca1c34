# /// script
# dependencies = ["deepdiff<9"]
# ///
"""Differences of nested objects as text, tree, pretty lines and deltas, searches, hashes and paths."""

import dataclasses
import datetime
from decimal import Decimal

from deepdiff import DeepDiff, DeepHash, DeepSearch, Delta, extract, grep

old = {"a": [1, 2, {"x": "text"}], "s": {1, 2}, "d": datetime.date(2026, 1, 1), "gone": None, "long": "line one\nline two"}
new = {"a": [1, 3, {"x": "texts", "y": 1}], "s": {2, 3}, "d": datetime.date(2026, 1, 2), "more": Decimal("1.5"), "long": "line one\nline 2"}
difference = DeepDiff(old, new)
print(sorted(difference.to_dict().keys()), difference["values_changed"]["root['a'][1]"], sorted(difference.affected_paths))
print("\n".join(sorted(difference.pretty().splitlines())))
print(sorted(DeepDiff(old, new, view="tree")), DeepDiff([1, 2, 3], [3, 2, 1], ignore_order=True), DeepDiff({"a": 1.001}, {"a": 1.0011}, significant_digits=3))
print(DeepDiff({"a": 1, "b": 2}, {"a": 2, "b": 3}, exclude_paths="root['a']"), DeepDiff("Ab", "aB", ignore_string_case=True), DeepDiff([1, "1"], [1.0, 1], ignore_numeric_type_changes=True, ignore_type_in_groups=[(str, int)]))


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


print(DeepDiff(Point(1), Point(2)), DeepDiff(Point(1), {"x": 1}, ignore_type_in_groups=[]).get("type_changes", {}).keys())
delta = Delta(DeepDiff(old["a"], new["a"]), bidirectional=True)
print(old["a"] + delta == new["a"], new["a"] - delta == old["a"], len(delta.to_flat_rows()))
print(DeepSearch(old, "line", verbose_level=1), {"k": [1, "find me"]} | grep("me"), extract(old, "root['a'][2]['x']"))
print(DeepHash({"a": 1, "b": [2]})[2] == DeepHash([2])[2], DeepDiff([1], [1]) == {}, DeepDiff({"x": [1, 2]}, {"x": [2]}, ignore_order=True, report_repetition=True))
