import colour.fast
