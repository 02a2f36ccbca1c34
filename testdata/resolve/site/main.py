import helper
help = None
quit = exit
