from ... import exported as from_top
