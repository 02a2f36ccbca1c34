import helper

helper.go()
