# KeyboardInterrupt: code 130 (a native shell shows the same for a death by SIGINT).
print('x', flush=True)
raise KeyboardInterrupt
