def function():
    return 1


class Body:
    attribute = function()
