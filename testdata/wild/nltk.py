# /// script
# dependencies = ["nltk"]
#
# [tool.wild]
# differs = "its regular expressions are those of the package regex, which is compiled code"
# ///
"""Tokenizes, stems, counts, parses with grammars, trees and n-grams, without corpora."""

import nltk
from nltk import CFG, ChartParser, FreqDist, RegexpParser, Tree, ngrams
from nltk.metrics import edit_distance, jaccard_distance
from nltk.stem import LancasterStemmer, PorterStemmer, SnowballStemmer
from nltk.tokenize import RegexpTokenizer, TweetTokenizer, TreebankWordTokenizer, wordpunct_tokenize

TEXT = "The striped bats weren't hanging on their feet, and ate $3.50 best fishes."
words = TreebankWordTokenizer().tokenize(TEXT)
print(words, wordpunct_tokenize("a.b c's"), TweetTokenizer(reduce_len=True).tokenize("@me sooooo #cool :-) http://x.y"), RegexpTokenizer(r"\w+").tokenize("x-y z"))
print([PorterStemmer().stem(word) for word in words], [LancasterStemmer().stem(word) for word in words[:5]], SnowballStemmer("german").stem("Häusern"), SnowballStemmer("english").stem("generously"))
frequencies = FreqDist("abracadabra")
print(frequencies.most_common(2), frequencies.freq("a"), frequencies.hapaxes(), list(ngrams([1, 2, 3, 4], 3)))
grammar = CFG.fromstring("S -> NP VP\nNP -> 'she' | Det N\nVP -> V NP\nDet -> 'a'\nN -> 'fish'\nV -> 'eats'")
for tree in ChartParser(grammar).parse("she eats a fish".split()):
    print(tree, tree.height(), tree.leaves(), tree.productions()[0])
    tree.pretty_print()
chunker = RegexpParser("NP: {<DT>?<JJ>*<NN>}")
print(chunker.parse([("the", "DT"), ("little", "JJ"), ("dog", "NN"), ("barked", "VBD")]))
print(Tree.fromstring("(S (A a) (B b))").label(), edit_distance("rain", "shine"), jaccard_distance({1, 2}, {2, 3}))
print(nltk.bleu_score.sentence_bleu([["a", "b", "c", "d"]], ["a", "b", "c", "d"]) if hasattr(nltk, "bleu_score") else "", sorted(nltk.ConditionalFreqDist([("x", 1), ("x", 2), ("y", 1)]).conditions()))
classifier = nltk.NaiveBayesClassifier.train([({"last": "a"}, "f"), ({"last": "a"}, "f"), ({"last": "k"}, "m"), ({"last": "o"}, "m")])
print(classifier.classify({"last": "a"}), classifier.labels() and sorted(classifier.labels()))
try:
    nltk.data.find("corpora/none")
except LookupError as error:
    print("Resource" in str(error))
