"""ssl without a connection: constants, contexts, certificates, errors."""
import ssl
import warnings

PEM = """\
-----BEGIN CERTIFICATE-----
MIICqjCCAlCgAwIBAgIUM57WnYHg6NUvZhcvfBsKFihmjW4wCgYIKoZIzj0EAwIw
NjELMAkGA1UEBhMCREUxETAPBgNVBAoMCFRlc3QgT3JnMRQwEgYDVQQDDAtleGFt
cGxlLm9yZzAeFw0yNjExMjkxNjI2NDlaFw0zNjExMjYxNjI2NDlaMDYxCzAJBgNV
BAYTAkRFMREwDwYDVQQKDAhUZXN0IE9yZzEUMBIGA1UEAwwLZXhhbXBsZS5vcmcw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASgQmcrrmID1aRAnQ8qqyhsnBHpmRSh
Wt3uSLwS3WhRHeXUUST5vXuypoNrKgZVKqyYTgRa0vb6XclqT0klsL5Go4IBOjCC
ATYwHQYDVR0OBBYEFPfkE+VSBGkJ9Fp+dEqs8m2pO11YMB8GA1UdIwQYMBaAFPfk
E+VSBGkJ9Fp+dEqs8m2pO11YMA8GA1UdEwEB/wQFMAMBAf8wYgYDVR0RBFswWYIL
ZXhhbXBsZS5vcmeCDSouZXhhbXBsZS5vcmeHBH8AAAGHEAAAAAAAAAAAAAAAAAAA
AAGBDWFAZXhhbXBsZS5vcmeGFGh0dHBzOi8vZXhhbXBsZS5vcmcvMCcGA1UdHwQg
MB4wHKAaoBiGFmh0dHA6Ly9leGFtcGxlLm9yZy9jcmwwVgYIKwYBBQUHAQEESjBI
MCMGCCsGAQUFBzABhhdodHRwOi8vZXhhbXBsZS5vcmcvb2NzcDAhBggrBgEFBQcw
AoYVaHR0cDovL2V4YW1wbGUub3JnL2NhMAoGCCqGSM49BAMCA0gAMEUCIQCSi/dM
N3Q8io+/QG2HOKpwxX1jgxNnJAC48bHIKgXf7AIgIKCAuiw7BuLzqhn94z4arQZ/
MEzL3+f4NANf2V0Sjg8=
-----END CERTIFICATE-----
"""
own = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
own.load_verify_locations(cadata=PEM)
own.load_verify_locations(cadata=ssl.PEM_cert_to_DER_cert(PEM))
print(own.cert_store_stats(), own.get_ca_certs(), len(own.get_ca_certs(True)[0]))
context = ssl.create_default_context()
print(context.verify_mode, context.check_hostname, context.minimum_version, context.maximum_version, context.protocol)
print(context.verify_flags, context.options, sorted(ssl.VerifyMode), ssl.Purpose.SERVER_AUTH, ssl.HAS_SNI, ssl.HAS_TLSv1_3)
print([cipher["name"] for cipher in context.get_ciphers()])
context.set_ciphers("ECDHE+AESGCM")
print(context.get_ciphers())


def fails(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        text = (getattr(error, "strerror", None) or str(error)).partition(" (_ssl.c")[0]
        print(type(error).__name__, isinstance(error, OSError), text)


fails(context.set_ciphers, "nothing")
fails(setattr, context, "verify_mode", ssl.CERT_NONE)
fails(setattr, context, "verify_mode", 5)
fails(setattr, context, "minimum_version", 5)
fails(setattr, context, "options", "x")
fails(setattr, context, "sni_callback", print)
fails(setattr, context, "num_tickets", 3)
fails(context.load_verify_locations)
fails(context.load_verify_locations, "/nonexistent")
fails(context.load_cert_chain, "/nonexistent")
for data in "", "x", b"x":
    try:
        context.load_verify_locations(cadata=data)
    except (ValueError, ssl.SSLError) as error:
        print(type(error).__name__, str(error).partition(" (_ssl.c")[0])
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.set_alpn_protocols(["h2", "http/1.1"])
context.minimum_version = ssl.TLSVersion.TLSv1_3
print(context.verify_mode, context.check_hostname, context.minimum_version, context.session_stats()["hits"])
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.num_tickets = 3
server.options |= ssl.OP_NO_TICKET
print(server.num_tickets, server.verify_mode, ssl.OP_NO_TICKET in server.options)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
    server.minimum_version = ssl.TLSVersion.TLSv1
    server.options |= ssl.OP_NO_TLSv1_2
    print([(warning.category.__name__, str(warning.message), warning.lineno) for warning in caught])
bio = ssl.MemoryBIO()
print(bio.write(b"abc"), bio.read(2), bio.pending, bio.eof)
bio.write_eof()
print(bio.eof, bio.read(), bio.eof)
fails(bio.write, b"x")
fails(ssl.SSLSocket)
fails(ssl.RAND_bytes, -1)
print(len(ssl.RAND_bytes(5)), ssl.RAND_status())
print(ssl.cert_time_to_seconds("Jan  5 09:34:43 2018 GMT"), ssl.DER_cert_to_PEM_cert(b"abc"))
print(ssl.PEM_cert_to_DER_cert(ssl.DER_cert_to_PEM_cert(b"abc")))
print(ssl.SSLError(1, "text"), ssl.SSLError("text"), ssl.SSLCertVerificationError.__mro__, ssl.SSLWantReadError.__module__)
paths = ssl.get_default_verify_paths()
print(paths.openssl_cafile_env, paths.openssl_capath_env)
import asyncio.sslproto, http.client, smtplib, urllib.request
print(http.client.HTTPSConnection("localhost", 443).port, urllib.request.HTTPSHandler.__name__, smtplib.SMTP_SSL.__name__)
