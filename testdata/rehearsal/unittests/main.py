import io
import unittest
from unittest import mock

import target


class Tests(unittest.TestCase):
    prepared = []

    @classmethod
    def setUpClass(cls):
        cls.prepared.append(1)

    def test_value(self):
        self.assertEqual(target.value(), 1)

    @mock.patch("target.value", return_value=5)
    def test_patched(self, patched):
        self.assertEqual(target.value(), 5)

    @unittest.skipIf(target.SKIP, "told so")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_failure(self):
        self.fail("as expected")


def load_tests(loader, tests, pattern):
    return tests


stream = io.StringIO()
early = unittest.TextTestRunner(stream=stream, verbosity=0)
if __name__ == "__main__":
    program = unittest.main(exit=False, testRunner=unittest.TextTestRunner(stream=stream, verbosity=2))
    for line in stream.getvalue().splitlines():
        if not line.startswith("Ran"):
            print(line)
    print(Tests.prepared, program.result.testsRun)
