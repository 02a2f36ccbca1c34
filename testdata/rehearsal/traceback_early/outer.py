try:
    import middle
finally:
    done = True
