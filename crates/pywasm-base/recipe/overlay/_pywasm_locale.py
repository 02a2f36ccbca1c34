"""The message catalogues of the C library, as Linux has them where no catalogue is installed: each message is its own
translation. In: what `_locale` has on Linux and WASI's lacks. Out: put there, before `locale` takes its names."""
import _locale

_domain = ["messages"]
_folders, _codesets = {}, {}


def gettext(msg, /):
    return _text(msg)


def dgettext(domain, msg, /):
    return _text(msg)


def dcgettext(domain, msg, category, /):
    return _text(msg)


def _text(msg):
    if not isinstance(msg, str):
        raise TypeError(f"argument must be str, not {type(msg).__name__}")
    return msg


def textdomain(domain, /):
    if domain is not None:
        _domain[0] = domain or "messages"
    return _domain[0]


def bindtextdomain(domain, dir, /):
    if not domain:
        raise _locale.Error("domain must be a non-empty string")
    if dir is not None:
        _folders[domain] = dir
    return _folders.get(domain, "/usr/share/locale")


def bind_textdomain_codeset(domain, codeset, /):
    if codeset is not None:
        _codesets[domain] = codeset
    return _codesets.get(domain)


for _name in "gettext dgettext dcgettext textdomain bindtextdomain bind_textdomain_codeset".split():
    globals()[_name].__module__ = "_locale"
    setattr(_locale, _name, globals()[_name])
