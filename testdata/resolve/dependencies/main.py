import colour
import spaces.red
import six.moves.urllib
