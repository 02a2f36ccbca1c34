VALUE = 1
print("the job", __name__)
