"""Distances and similarities by edits, tokens, sequences and sounds, of texts and lists."""

import textdistance

for name in ["hamming", "levenshtein", "damerau_levenshtein", "jaro", "jaro_winkler", "strcmp95", "jaccard", "sorensen", "tversky", "overlap", "cosine", "bag", "lcsseq", "lcsstr", "ratcliff_obershelp", "mra", "editex", "prefix", "postfix", "length", "identity", "mlipns"]:
    algorithm = getattr(textdistance, name)
    print(name, [round(value, 4) if isinstance(value, float) else value for value in (algorithm("nelson", "neilsen"), algorithm.distance("test", "text"), algorithm.similarity("test", "text"), algorithm.normalized_distance("arnold", "ronald"))])
print(textdistance.levenshtein("a b c".split(), "a c".split()), textdistance.Jaccard(qval=2).similarity("night", "nacht"), textdistance.hamming.normalized_similarity("", ""))
print(textdistance.entropy_ncd("test", "nani") > 0, textdistance.bz2_ncd("aaaa" * 9, "aaab" * 9) < 1, textdistance.zlib_ncd("x" * 50, "y" * 50) > 0, textdistance.Levenshtein(external=False)("kitten", "sitting"))
print(textdistance.lcsseq("abcdef", "acf", "axcf"), textdistance.monge_elkan.similarity(["ab", "cd"], ["ab", "ce"]))
