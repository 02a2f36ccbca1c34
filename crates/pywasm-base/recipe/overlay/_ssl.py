"""What `ssl` builds on, without TLS: constants, contexts that keep their settings, certificates that are read.

In: settings and PEM or DER files. Out: the objects of OpenSSL's module of this name as far as no handshake is needed. A
handshake raises SSLError, since the artifact has no TLS of its own: the host that carries the bytes has it.
"""
import errno
import os
import warnings

OPENSSL_VERSION = "OpenSSL 3.0.0 (names and certificates, no TLS)"
OPENSSL_VERSION_INFO = _OPENSSL_API_VERSION = (3, 0, 0, 0, 0)
OPENSSL_VERSION_NUMBER = 0x30000000
_DEFAULT_CIPHERS = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM"

HAS_ALPN = HAS_ECDH = HAS_PSK = HAS_SNI = HAS_TLS_UNIQUE = True
HAS_TLSv1 = HAS_TLSv1_1 = HAS_TLSv1_2 = HAS_TLSv1_3 = True
HAS_NPN = HAS_SSLv2 = HAS_SSLv3 = False

CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED = 0, 1, 2
ENCODING_PEM, ENCODING_DER = 1, 2
PROTOCOL_SSLv23 = PROTOCOL_TLS = 2
PROTOCOL_TLSv1, PROTOCOL_TLSv1_1, PROTOCOL_TLSv1_2, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER = 3, 4, 5, 16, 17
PROTO_MINIMUM_SUPPORTED, PROTO_MAXIMUM_SUPPORTED = -2, -1
PROTO_SSLv3, PROTO_TLSv1, PROTO_TLSv1_1, PROTO_TLSv1_2, PROTO_TLSv1_3 = 0x300, 0x301, 0x302, 0x303, 0x304

HOSTFLAG_ALWAYS_CHECK_SUBJECT, HOSTFLAG_NO_WILDCARDS, HOSTFLAG_NO_PARTIAL_WILDCARDS = 1, 2, 4
HOSTFLAG_MULTI_LABEL_WILDCARDS, HOSTFLAG_SINGLE_LABEL_SUBDOMAINS, HOSTFLAG_NEVER_CHECK_SUBJECT = 8, 16, 32

OP_ALL = 0x80000050
OP_NO_SSLv2 = OP_SINGLE_DH_USE = OP_SINGLE_ECDH_USE = 0
OP_LEGACY_SERVER_CONNECT, OP_ENABLE_KTLS, OP_IGNORE_UNEXPECTED_EOF = 0x4, 0x8, 0x80
OP_NO_TICKET, OP_NO_COMPRESSION, OP_ENABLE_MIDDLEBOX_COMPAT = 0x4000, 0x20000, 0x100000
OP_CIPHER_SERVER_PREFERENCE, OP_NO_RENEGOTIATION = 0x400000, 0x40000000
OP_NO_SSLv3, OP_NO_TLSv1, OP_NO_TLSv1_2 = 0x2000000, 0x4000000, 0x8000000
OP_NO_TLSv1_1, OP_NO_TLSv1_3 = 0x10000000, 0x20000000

SSL_ERROR_SSL, SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE, SSL_ERROR_WANT_X509_LOOKUP = 1, 2, 3, 4
SSL_ERROR_SYSCALL, SSL_ERROR_ZERO_RETURN, SSL_ERROR_WANT_CONNECT, SSL_ERROR_EOF = 5, 6, 7, 8
SSL_ERROR_INVALID_ERROR_CODE = 10

VERIFY_DEFAULT, VERIFY_CRL_CHECK_LEAF, VERIFY_CRL_CHECK_CHAIN, VERIFY_X509_STRICT = 0, 4, 12, 32
VERIFY_ALLOW_PROXY_CERTS, VERIFY_X509_TRUSTED_FIRST, VERIFY_X509_PARTIAL_CHAIN = 64, 0x8000, 0x80000

ALERT_DESCRIPTION_CLOSE_NOTIFY = 0
ALERT_DESCRIPTION_UNEXPECTED_MESSAGE = 10
ALERT_DESCRIPTION_BAD_RECORD_MAC = 20
ALERT_DESCRIPTION_RECORD_OVERFLOW = 22
ALERT_DESCRIPTION_DECOMPRESSION_FAILURE = 30
ALERT_DESCRIPTION_HANDSHAKE_FAILURE = 40
ALERT_DESCRIPTION_BAD_CERTIFICATE = 42
ALERT_DESCRIPTION_UNSUPPORTED_CERTIFICATE = 43
ALERT_DESCRIPTION_CERTIFICATE_REVOKED = 44
ALERT_DESCRIPTION_CERTIFICATE_EXPIRED = 45
ALERT_DESCRIPTION_CERTIFICATE_UNKNOWN = 46
ALERT_DESCRIPTION_ILLEGAL_PARAMETER = 47
ALERT_DESCRIPTION_UNKNOWN_CA = 48
ALERT_DESCRIPTION_ACCESS_DENIED = 49
ALERT_DESCRIPTION_DECODE_ERROR = 50
ALERT_DESCRIPTION_DECRYPT_ERROR = 51
ALERT_DESCRIPTION_PROTOCOL_VERSION = 70
ALERT_DESCRIPTION_INSUFFICIENT_SECURITY = 71
ALERT_DESCRIPTION_INTERNAL_ERROR = 80
ALERT_DESCRIPTION_USER_CANCELLED = 90
ALERT_DESCRIPTION_NO_RENEGOTIATION = 100
ALERT_DESCRIPTION_UNSUPPORTED_EXTENSION = 110
ALERT_DESCRIPTION_CERTIFICATE_UNOBTAINABLE = 111
ALERT_DESCRIPTION_UNRECOGNIZED_NAME = 112
ALERT_DESCRIPTION_BAD_CERTIFICATE_STATUS_RESPONSE = 113
ALERT_DESCRIPTION_BAD_CERTIFICATE_HASH_VALUE = 114
ALERT_DESCRIPTION_UNKNOWN_PSK_IDENTITY = 115


class SSLError(OSError):
    def __str__(self):
        return self.strerror if isinstance(self.strerror, str) else str(self.args)


class SSLZeroReturnError(SSLError):
    pass


class SSLWantReadError(SSLError):
    pass


class SSLWantWriteError(SSLError):
    pass


class SSLSyscallError(SSLError):
    pass


class SSLEOFError(SSLError):
    pass


class SSLCertVerificationError(SSLError, ValueError):
    __str__ = SSLError.__str__


for _error in (
    SSLError, SSLZeroReturnError, SSLWantReadError, SSLWantWriteError, SSLSyscallError, SSLEOFError,
    SSLCertVerificationError,
):
    _error.__module__ = "ssl"


def _fail(number, text, library=None, reason=None):
    error = SSLError(number, text)
    error.library, error.reason = library, reason
    return error


def _no_tls():
    return _fail(
        SSL_ERROR_SSL,
        "[SSL: UNSUPPORTED_PROTOCOL] an artifact has no TLS of its own: let the host connect with TLS and carry the bytes, "
        "or pass the data in through standard input, a mounted folder or an imported component",
        "SSL", "UNSUPPORTED_PROTOCOL",
    )


class _Private:
    """Only made by a connection, of which there is none."""

    def __new__(cls, *args, **kwargs):
        raise TypeError(f"cannot create '_ssl.{cls.__name__}' instances")


class _SSLSocket(_Private):
    pass


class SSLSession(_Private):
    pass


class Certificate(_Private):
    pass


class MemoryBIO:
    """Bytes that are written at one end and read at the other."""

    def __init__(self):
        self._data, self._ended = bytearray(), False

    @property
    def pending(self):
        return len(self._data)

    @property
    def eof(self):
        return self._ended and not self._data

    def read(self, size=-1, /):
        size = len(self._data) if size < 0 else min(size, len(self._data))
        data = bytes(self._data[:size])
        del self._data[:size]
        return data

    def write(self, b, /):
        data = memoryview(b).cast("B")
        if self._ended:
            raise SSLError("cannot write() after write_eof()")
        self._data += data
        return len(data)

    def write_eof(self):
        self._ended = True


def _path(path, name):
    if not isinstance(path, (str, bytes)) and not hasattr(path, "__fspath__"):
        raise TypeError(f"{name} should be a valid filesystem path")
    return os.fspath(path)


def _read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise OSError(error.errno, os.strerror(error.errno)) from None


class _SSLContext:
    """The settings of connections."""

    def __new__(cls, protocol, /):
        if protocol not in (2, 3, 4, 5, 16, 17):
            raise ValueError(f"invalid or unsupported protocol version {protocol}")
        if protocol < PROTOCOL_TLS_CLIENT:
            name = {2: "TLS", 3: "TLSv1", 4: "TLSv1_1", 5: "TLSv1_2"}[protocol]
            warnings.warn(f"ssl.PROTOCOL_{name} is deprecated", DeprecationWarning, stacklevel=3)
        self = super().__new__(cls)
        self._protocol = int(protocol)
        self._is_client = protocol == PROTOCOL_TLS_CLIENT
        self._check_hostname = self._is_client
        self._verify_mode = CERT_REQUIRED if self._is_client else CERT_NONE
        self._verify_flags = VERIFY_X509_TRUSTED_FIRST
        self._options = OP_ALL | OP_NO_SSLv3 | OP_CIPHER_SERVER_PREFERENCE | OP_NO_COMPRESSION
        self._options |= OP_ENABLE_MIDDLEBOX_COMPAT
        self._minimum = PROTO_MINIMUM_SUPPORTED if protocol in (3, 4, 5) else PROTO_TLSv1_2
        self._maximum = PROTO_MAXIMUM_SUPPORTED
        self._tickets, self._post_handshake_auth, self._keylog, self._sni = 2, False, None, None
        self._ciphers, self._authorities = None, []
        self._host_flags, self._callback = HOSTFLAG_NO_PARTIAL_WILDCARDS, None
        return self

    def _wrap_socket(self, sock, server_side, server_hostname=None, *, owner=None, session=None):
        raise _no_tls()

    def _wrap_bio(self, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None):
        raise _no_tls()

    protocol = property(lambda self: self._protocol)
    security_level = property(lambda self: 2)

    @property
    def check_hostname(self):
        return self._check_hostname

    @check_hostname.setter
    def check_hostname(self, value):
        self._check_hostname = bool(value)
        if value and self._verify_mode == CERT_NONE:
            self._verify_mode = CERT_REQUIRED

    @property
    def verify_mode(self):
        return self._verify_mode

    @verify_mode.setter
    def verify_mode(self, value):
        if value not in (CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED):
            raise ValueError("invalid value for verify_mode")
        if value == CERT_NONE and self._check_hostname:
            raise ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
        self._verify_mode = int(value)

    @property
    def verify_flags(self):
        return self._verify_flags

    @verify_flags.setter
    def verify_flags(self, value):
        self._verify_flags = _integer(value)

    @property
    def options(self):
        return self._options

    @options.setter
    def options(self, value):
        value = _integer(value)
        if value < 0:
            raise OverflowError("can't convert negative value to unsigned int")
        old = OP_NO_SSLv3 | OP_NO_TLSv1 | OP_NO_TLSv1_1 | OP_NO_TLSv1_2 | OP_NO_TLSv1_3
        if value & ~self._options & old:
            text = "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated"
            warnings.warn(text, DeprecationWarning, stacklevel=3)
        self._options = value

    @property
    def minimum_version(self):
        return self._minimum

    @minimum_version.setter
    def minimum_version(self, value):
        self._minimum = self._version(value)

    @property
    def maximum_version(self):
        return self._maximum

    @maximum_version.setter
    def maximum_version(self, value):
        self._maximum = self._version(value)

    def _version(self, value):
        value = _integer(value)
        if self._protocol in (3, 4, 5):
            text = "The context's protocol doesn't support modification of highest and lowest version."
            raise ValueError(text)
        if not (PROTO_SSLv3 <= value <= PROTO_TLSv1_3 or value in (-1, -2)):
            raise ValueError(f"Unsupported TLS/SSL version {value:#x}")
        if PROTO_SSLv3 <= value < PROTO_TLSv1_2:
            name = {0x300: "SSLv3", 0x301: "TLSv1", 0x302: "TLSv1_1"}[value]
            warnings.warn(f"ssl.TLSVersion.{name} is deprecated", DeprecationWarning, stacklevel=4)
        return value

    @property
    def num_tickets(self):
        return self._tickets

    @num_tickets.setter
    def num_tickets(self, value):
        if _integer(value) < 0:
            raise ValueError("value must be non-negative")
        if self._protocol != PROTOCOL_TLS_SERVER:
            raise ValueError("SSLContext is not a server context.")
        self._tickets = value

    @property
    def post_handshake_auth(self):
        return self._post_handshake_auth

    @post_handshake_auth.setter
    def post_handshake_auth(self, value):
        self._post_handshake_auth = bool(value)

    @property
    def keylog_filename(self):
        return self._keylog

    @keylog_filename.setter
    def keylog_filename(self, value):
        if value is not None:
            with open(value, "a+") as file:
                if file.tell() == 0:
                    file.write("# TLS secrets log file, generated by OpenSSL / Python\n")
        self._keylog = value

    @property
    def sni_callback(self):
        return self._sni

    @sni_callback.setter
    def sni_callback(self, value):
        if self._is_client:
            raise ValueError("sni_callback cannot be set on TLS_CLIENT context")
        if value is not None and not callable(value):
            raise TypeError("not a callable object")
        self._sni = value

    @property
    def _msg_callback(self):
        return self._callback

    @_msg_callback.setter
    def _msg_callback(self, value):
        if value is not None and not callable(value):
            raise TypeError(f"{value!r} is not callable.")
        self._callback = value

    def _set_alpn_protocols(self, protos, /):
        pass

    def set_psk_client_callback(self, callback):
        if self._protocol == PROTOCOL_TLS_SERVER:
            raise _fail(0, "Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context")

    def set_psk_server_callback(self, callback, identity_hint=None):
        if self._is_client:
            raise _fail(0, "Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context")

    def set_ecdh_curve(self, name, /):
        name = name.decode() if isinstance(name, bytes) else name
        if name not in ("prime256v1", "secp256k1", "secp384r1", "secp521r1", "X25519", "X448"):
            raise ValueError(f"unknown elliptic curve name {name!r}")

    def load_dh_params(self, path, /):
        with open(path, "rb") as file:
            if b"-----BEGIN DH PARAMETERS-----" not in file.read():
                raise _fail(9, "[PEM: NO_START_LINE] no start line", "PEM", "NO_START_LINE")

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        data = _read(_path(certfile, "certfile"))
        key = data if keyfile is None else _read(_path(keyfile, "keyfile"))
        if b"-----BEGIN " not in data or b"PRIVATE KEY-----" not in key:
            raise _fail(SSL_ERROR_SSL, "[SSL] PEM lib", "SSL", None)

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        from _ssl_certificates import read_der, read_pem

        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        found = []
        if cadata is not None:
            if not isinstance(cadata, str):
                cadata = bytes(cadata)
            if not cadata:
                raise ValueError("Empty certificate data")
            found = read_pem(cadata.encode("ascii")) if isinstance(cadata, str) else read_der(cadata)
            if not found:
                why = "no start line" if isinstance(cadata, str) else "not enough data"
                raise _fail(0, f"{why}: cadata does not contain a certificate")
        if cafile is not None:
            read = read_pem(_read(_path(cafile, "cafile")))
            if not read:
                raise _fail(136, "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found", "X509",
                            "NO_CERTIFICATE_OR_CRL_FOUND")
            found += read
        if capath is not None:
            _path(capath, "capath")
        self._authorities += [der for der in dict.fromkeys(found) if der not in self._authorities]

    def set_default_verify_paths(self):
        _, file, _, _ = get_default_verify_paths()
        file = os.environ.get("SSL_CERT_FILE", file)
        if os.path.isfile(file):
            self.load_verify_locations(file)

    def cert_store_stats(self):
        from _ssl_certificates import is_authority

        authorities = sum(map(is_authority, self._authorities))
        return {"x509": len(self._authorities), "crl": 0, "x509_ca": authorities}

    def get_ca_certs(self, binary_form=False):
        from _ssl_certificates import decode, is_authority

        found = [der for der in self._authorities if is_authority(der)]
        return found if binary_form else [decode(der) for der in found]

    def set_ciphers(self, cipherlist, /):
        from _ssl_ciphers import select

        selected = select(cipherlist)
        if not selected:
            raise SSLError("No cipher can be selected.")
        self._ciphers = selected

    def get_ciphers(self):
        from _ssl_ciphers import describe, select

        return describe(self._ciphers or select(_DEFAULT_CIPHERS))

    def session_stats(self):
        return dict.fromkeys((
            "number", "connect", "connect_good", "connect_renegotiate", "accept", "accept_good", "accept_renegotiate",
            "hits", "misses", "timeouts", "cache_full",
        ), 0)


def _integer(value):
    if not isinstance(value, int):
        raise TypeError(f"argument must be int, not {type(value).__name__}")
    return int(value)


def get_default_verify_paths():
    return "SSL_CERT_FILE", "/usr/lib/ssl/cert.pem", "SSL_CERT_DIR", "/usr/lib/ssl/certs"


# The objects that `ssl` itself asks for (Purpose) and those of names in certificates.
_OBJECTS = {
    13: ("CN", "commonName", "2.5.4.3"),
    14: ("C", "countryName", "2.5.4.6"),
    17: ("O", "organizationName", "2.5.4.10"),
    18: ("OU", "organizationalUnitName", "2.5.4.11"),
    85: ("subjectAltName", "X509v3 Subject Alternative Name", "2.5.29.17"),
    87: ("basicConstraints", "X509v3 Basic Constraints", "2.5.29.19"),
    126: ("extendedKeyUsage", "X509v3 Extended Key Usage", "2.5.29.37"),
    129: ("serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"),
    130: ("clientAuth", "TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2"),
    131: ("codeSigning", "Code Signing", "1.3.6.1.5.5.7.3.3"),
    132: ("emailProtection", "E-mail Protection", "1.3.6.1.5.5.7.3.4"),
    133: ("timeStamping", "Time Stamping", "1.3.6.1.5.5.7.3.8"),
}


def nid2obj(nid, /):
    if nid < 0:
        raise ValueError("NID must be positive.")
    if nid not in _OBJECTS:
        raise ValueError(f"unknown NID {nid}")
    return nid, *_OBJECTS[nid]


def txt2obj(txt, name=False):
    for nid, object_names in _OBJECTS.items():
        if txt == object_names[2] or name and txt in object_names:
            return nid, *object_names
    raise ValueError(f"unknown object {txt[:100]!r}")


def RAND_bytes(n, /):
    if n < 0:
        raise ValueError("num must be positive")
    return os.urandom(n)


def RAND_status():
    return True


def RAND_add(string, entropy, /):
    pass


def _test_decode_cert(path, /):
    from _ssl_certificates import decode, read_pem

    try:
        (der, *_) = read_pem(_read(path))
    except OSError as error:
        raise SSLError("Can't open file") from (error if error.errno != errno.ENOENT else None)
    except ValueError:
        raise SSLError("Error decoding PEM-encoded file") from None
    return decode(der)
