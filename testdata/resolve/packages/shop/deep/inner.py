from .. import cart
thing = 1
