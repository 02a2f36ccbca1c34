import helper
import json
