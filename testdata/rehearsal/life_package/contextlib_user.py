from package import manager

entered = manager("app")
entered.__enter__()
