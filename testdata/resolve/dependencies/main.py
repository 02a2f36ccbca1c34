import colour
import spaces.red
import six.moves.urllib
from six.moves.queue import Queue
