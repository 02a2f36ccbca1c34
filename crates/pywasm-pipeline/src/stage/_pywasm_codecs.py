
# What is added to `_pywasm` where a program computes names of codecs: the LookupError for one that was left out says
# how to add it.
#
# In:  names of codecs that `encodings` does not find. Out: None, or a LookupError with the reason.
import _codecs


def _codec_reason(name):
    return (
        "it was left out of this artifact, because `pywasm build` saw nothing that names it. "
        f'To add it, set codecs = ["{name}"] under [tool.pywasm] in pyproject.toml, or build with --codec {name}'
    )


def _explain_codec(name):
    """The last search function, so `encodings` has been asked before. Its name has small letters."""
    aliases = sys.modules["encodings"]._aliases
    normal = sys.modules["encodings"].normalize_encoding(name)
    for module in (aliases.get(normal) or aliases.get(normal.replace(".", "_")), normal):
        if module and "." not in module and _reason("encodings." + module) and f"\nencodings.{module}\n" in _left_out:
            raise LookupError(f"unknown encoding: {name}: {_codec_reason(name)}")
    return None


_codecs.register(_explain_codec)
