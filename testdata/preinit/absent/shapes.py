SIDES = {name: number for number, name in enumerate(("triangle", "square", "pentagon"), 3)}
