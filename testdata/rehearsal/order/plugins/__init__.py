import registry

registry.add("plugins")
