"""Runs tests with fixtures, parameters, marks, temporary folders, monkeypatches, captures and rewritten assertions."""

import contextlib
import io
import os
import pathlib
import re
import tempfile

import pytest

TESTS = '''
import os, pytest

@pytest.fixture(params=[1, 2])
def number(request):
    yield request.param

def test_number(number):
    assert number < 2, "too large"

@pytest.mark.parametrize("a, b", [(1, 1), ("x", "y")], ids=str)
def test_equal(a, b):
    assert {"k": [a]} == {"k": [b]}

def test_raises():
    with pytest.raises(ZeroDivisionError, match="by zero"):
        1 / 0

@pytest.mark.skip(reason="later")
def test_skipped(): ...

@pytest.mark.xfail(strict=True)
def test_expected(): assert False

def test_tmp(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("X", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f").write_text(os.environ["X"])
    print("out")
    assert capsys.readouterr().out == "out\\n" and os.listdir() == ["f"]
    assert 0.1 + 0.2 == pytest.approx(0.3)

class TestGroup:
    def setup_method(self): self.value = 3
    def test_log(self, caplog):
        import logging
        logging.warning("hello")
        assert caplog.messages == ["hello"] and self.value == 3
'''
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "test_sample.py").write_text(TESTS)
(folder / "conftest.py").write_text("def pytest_report_header(config): return 'header of ours'\n")
os.chdir(folder)
out = io.StringIO()
with contextlib.redirect_stdout(out):
    code = pytest.main(["-rA", "-p", "no:cacheprovider", "--color=no", "--tb=short", "test_sample.py"])
text = re.sub(r"in \d+\.\d+s", "in TIME", out.getvalue())
print(code, "\n".join(line for line in text.splitlines() if not line.startswith(("platform", "rootdir", "plugins", "cachedir"))))
