print('start')
try:
    import helper
except ModuleNotFoundError as error:
    print(error)
import decimal
