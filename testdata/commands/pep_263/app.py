# -*- coding: latin-1 -*-
import bom
import cyrillic

print("café", bom.NAME, cyrillic.NAME)
