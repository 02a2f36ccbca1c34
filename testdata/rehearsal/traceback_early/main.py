import json
import outer
