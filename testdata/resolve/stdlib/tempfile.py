import colour
