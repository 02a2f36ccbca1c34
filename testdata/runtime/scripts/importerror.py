# A module that nobody has.
import does_not_exist_x
