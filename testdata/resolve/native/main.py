import colour.fast
import colour.rapid
