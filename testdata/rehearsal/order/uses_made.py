import made_by_main as made
from made_too import VALUE as TOO

VALUE = made.VALUE + TOO
