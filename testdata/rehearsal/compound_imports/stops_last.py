import stops_one

1 / 0
