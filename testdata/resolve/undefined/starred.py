from shop.cart import *
