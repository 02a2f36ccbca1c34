# A negative exit code.
raise SystemExit(-1)
