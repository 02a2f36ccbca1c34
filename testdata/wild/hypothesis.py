# /// script
# dependencies = ["hypothesis<6.140"]
# ///
"""Finds the smallest failing example, draws from strategies, and runs a state machine."""

from hypothesis import HealthCheck, find, given, seed, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

plain = settings(database=None, max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@plain
@given(st.lists(st.integers()))
def test_reversed(numbers):
    assert list(reversed(list(reversed(numbers)))) == numbers


@plain
@given(st.integers(0, 1000))
def test_small(number):
    assert number < 100, number


test_reversed()
try:
    test_small()
except AssertionError as error:
    print("smallest", str(error).splitlines()[0])
print(find(st.lists(st.integers()), lambda xs: sum(xs) > 10, settings=plain))
print(find(st.text(alphabet="abc"), lambda s: s.count("b") > 1, settings=plain))
print(find(st.dictionaries(st.booleans(), st.tuples(st.floats(0, 1), st.dates())), lambda d: len(d) == 2, settings=plain).keys())


class Stack(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.values = []

    @rule(value=st.integers())
    def push(self, value):
        self.values.append(value)
        assert len(self.values) < 4


try:
    run_state_machine_as_test(Stack, settings=plain)
except AssertionError:
    print("the stack grows")
print(st.from_regex(r"\A[a-c]{2}\Z"), st.builds(dict, a=st.none()))
