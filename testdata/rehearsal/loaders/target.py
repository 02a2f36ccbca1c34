import __main__

__main__.log.append("body of the target")
import loaded

value = 1
