raise SystemExit("the app's own abc was imported")
