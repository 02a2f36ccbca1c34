import helper

helper.divide(1, 0)
