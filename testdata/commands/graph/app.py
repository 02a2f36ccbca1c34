import helper

if False:
    import antigravity
