import leaves
