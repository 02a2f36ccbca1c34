from .. import cart
