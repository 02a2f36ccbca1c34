print('leaving')
quit(6)
