class JSONDecoder:
    def decode(self):
        from json import scanner


def unused():
    from json import tool
