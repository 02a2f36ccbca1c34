# -*- coding: klingon -*-
print()
