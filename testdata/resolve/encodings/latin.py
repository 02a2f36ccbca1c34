# -*- coding: latin-1 -*-
name = "é"
import latin_helper
