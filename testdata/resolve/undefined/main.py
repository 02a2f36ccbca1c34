from shop import Basket, cart, Baskte, refund
from shop.cart import total, totel
from shop import __name__, __file__
from lazy import anything
from dynamic import anything
from injected import anything
from replaced import anything
from forms import a, b, c, d, e, f, g, h, i, j, k, m, n
from forms import nothing_like_it
from starred import total, Lost
from starred_unseen import total
import patches
from patched import added

try:
    from shop import gift
except ImportError:
    gift = None

try:
    from shop import gift_card
except ImportError:
    from shop import voucher

if cart.total:
    from shop import discount


def pay():
    from shop.cart import pay_now
