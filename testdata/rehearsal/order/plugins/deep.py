from registry import add

add("deep")
