# /// script
# dependencies = ["python-slugify"]
# ///
"""Slugs of texts in many scripts with limits, stop words, separators, replacements and entities."""

import re

import slugify as package
from slugify import slugify, smart_truncate

for text in ["This -- is a ## test ---", "影師嗎", "C'est déjà l'été.", "Nín hǎo. Wǒ shì zhōng guó rén", "Компьютер", "jaja---lol-méméméoo--a", "i love 🦄", "1,000 reasons you are #1", "&amp; &#381; &#x17D;", "a_b.c/d"]:
    print(text, slugify(text), slugify(text, allow_unicode=True))
text = "the quick brown fox jumps over the lazy dog in a hurry"
print(slugify(text, max_length=20), slugify(text, max_length=20, word_boundary=True), slugify(text, max_length=20, word_boundary=True, save_order=True))
print(slugify(text, stopwords=["the", "in", "a"]), slugify(text, separator="_"), slugify("Keep CASE", lowercase=False), slugify("a.b_c", regex_pattern=r"[^a-z._]+"))
print(slugify("10 | 20 %", replacements=[["|", "or"], ["%", "percent"]]), slugify("&lt;x&gt;", entities=False), slugify(""), slugify("ÜBER", replacements=package.PRE_TRANSLATIONS if hasattr(package, "PRE_TRANSLATIONS") else ()))
print(smart_truncate("one two three", 8, word_boundary=True, separator=" "), slugify("__x__"), slugify("foo bar", regex_pattern=re.compile("o")))
