"""A package holds a coroutine that nobody awaits, which is all that is seen at the end."""
import package

print("main", package.kept.__name__)
