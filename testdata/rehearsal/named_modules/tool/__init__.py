print("the package")
