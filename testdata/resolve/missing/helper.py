import shop.cart
import my_colours
