"""Names in plural, singular, camel case, underscores, titles and parameters."""

import inflection

for word in ["post", "octopus", "sheep", "person", "category", "status", "move", "quiz", "datum", "CamelOctopus", "half", "index"]:
    plural = inflection.pluralize(word)
    print(word, plural, inflection.singularize(plural))
for text in ["device_type", "some/path_name", "HTMLParser", "employee salary", "active-model", "x-men: the last stand", "author_id"]:
    print([inflection.camelize(text), inflection.camelize(text, False), inflection.underscore(text), inflection.humanize(text), inflection.titleize(text), inflection.dasherize(text), inflection.tableize(text)])
print(inflection.parameterize("Donald E. Knuth é", separator="_"), inflection.transliterate("älämölö"), [inflection.ordinalize(n) for n in (1, 2, 3, 11, 112, 1003, -21)])
inflection.UNCOUNTABLES.add("pywasm")
inflection.PLURALS.insert(0, (r"(?i)(virt)us$", r"\1ues"))
print(inflection.pluralize("pywasm"), inflection.pluralize("virtus"), inflection.ordinal(22))
