"""Plurals, articles, numbers in words, ordinals, comparisons, participles and joined lists."""

import inflect

engine = inflect.engine()
for word in ["cat", "mouse", "knife", "attorney general", "criterion", "bureau", "I", "was", "ox", "mother-in-law"]:
    print(word, engine.plural(word), engine.plural(word, 1), engine.singular_noun(engine.plural_noun(word)), engine.a(word))
print([engine.number_to_words(n) for n in (0, 21, 1005, 1_234_567, -3, "2.5", "12th")], engine.number_to_words(1999, group=2), engine.number_to_words(105, andword=""))
print([engine.ordinal(n) for n in (1, 12, 23, "four")], engine.present_participle("running") if False else engine.present_participle("runs"), engine.no("cat", 0), engine.no("cat", 3))
print(engine.compare("index", "indices"), engine.compare("cats", "cat"), engine.compare_nouns("child", "children"), engine.an("hour"), engine.a("European"), engine.a("FBI agent"))
print(engine.join(["a", "b", "c"]), engine.join(["x", "y"], conj="or"), engine.join(["p, q", "r", "s"]), engine.join(["a", "b", "c"], final_sep=""))
print(engine.inflect("There plural_verb('was', 2) num(2) plural('cat', 2) and an('apple'), number_to_words(12)"))
engine.classical(all=True)
print(engine.plural("brother"), engine.plural("formula"), engine.plural_adj("my"), engine.plural_verb("goes"))
engine.defnoun("foo", "foobles")
print(engine.plural("foo"), engine.num(5, show=False) == "", engine.plural("dog"))
try:
    engine.plural("")
except Exception as error:
    print(type(error).__name__)
