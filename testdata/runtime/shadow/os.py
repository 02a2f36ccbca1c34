raise SystemExit("the app's own os was imported")
