import os
q = [os.environ.get(f"C{i}", "c") for i in range(20)]
print("sub") if os.environ.get("SAY") else None
