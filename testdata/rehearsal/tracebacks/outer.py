import middle
