"""The log of the system. An artifact reaches none, as under a container without a log daemon: LOG_PERROR copies lines to stderr."""
import os
import sys

LOG_EMERG, LOG_ALERT, LOG_CRIT, LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG = range(8)
LOG_PID, LOG_CONS, LOG_ODELAY, LOG_NDELAY, LOG_NOWAIT, LOG_PERROR = 1, 2, 4, 8, 16, 32
LOG_KERN, LOG_USER, LOG_MAIL, LOG_DAEMON, LOG_AUTH, LOG_SYSLOG, LOG_LPR, LOG_NEWS, LOG_UUCP, LOG_CRON = range(0, 80, 8)
LOG_AUTHPRIV, LOG_FTP = 80, 88
LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3, LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7 = range(128, 192, 8)

_ident, _option, _mask = None, 0, 255


def openlog(ident=None, logoption=0, facility=LOG_USER):
    global _ident, _option
    if ident is not None and not isinstance(ident, str):
        raise TypeError(f"openlog() argument 1 must be str, not {type(ident).__name__}")
    if ident is not None:
        ident.encode()
    _ident, _option = ident, logoption


def closelog():
    global _ident, _option, _mask
    _ident, _option, _mask = None, 0, 255


def syslog(*arguments):
    priority, message = (LOG_INFO, *arguments) if len(arguments) == 1 else arguments
    if not isinstance(message, str):
        raise TypeError(f"syslog() argument {len(arguments)} must be str, not {type(message).__name__}")
    sys.audit("syslog.syslog", priority, message)
    if _option & LOG_PERROR and LOG_MASK(priority & 7) & _mask:
        name = _ident or os.path.basename(sys.argv[0] if sys.argv else "") or "python"
        number = f"[{os.getpid()}]" if _option & LOG_PID else ""
        os.write(2, f"{name}{number}: {message.rstrip(chr(10))}\n".encode())


def setlogmask(maskpri, /):
    global _mask
    old = _mask
    if maskpri:
        _mask = maskpri
    return old


def LOG_MASK(pri, /):
    return 1 << pri


def LOG_UPTO(pri, /):
    return (1 << pri + 1) - 1
