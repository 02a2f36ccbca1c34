import __main__

__main__.log.append("looped")
