from . import helper
import shop.cart
