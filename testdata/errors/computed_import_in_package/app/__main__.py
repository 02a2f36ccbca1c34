import sys

plugin = __import__(f"app.plugins.{sys.argv[1]}", fromlist=["*"])
print(plugin.NAME)
