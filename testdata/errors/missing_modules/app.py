import nowhere
import requests.adapters
from json import nothing_of_the_kind
from helper import gone
