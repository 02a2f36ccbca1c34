from app import linked

print(linked.__name__)
