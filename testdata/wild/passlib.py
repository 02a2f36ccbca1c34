"""Hashes and checks passwords with many schemes by name, in contexts, and one-time passwords."""

from passlib import hash as hashes
from passlib.apps import custom_app_context, ldap_context
from passlib.context import CryptContext
from passlib.totp import TOTP

for name, options in [("sha256_crypt", {"salt": "abcdefgh", "rounds": 1000}), ("pbkdf2_sha256", {"salt": b"12345678", "rounds": 100}), ("md5_crypt", {"salt": "abcdefgh"}), ("ldap_salted_sha1", {"salt": b"abcd"}), ("sha512_crypt", {"salt": "x", "rounds": 1000}), ("scrypt", {"salt": b"salt", "rounds": 4})]:
    handler = getattr(hashes, name)
    hashed = handler.using(**options).hash("pässword")
    print(name, hashed, handler.verify("pässword", hashed), handler.verify("wrong", hashed), handler.identify(hashed))
print(hashes.nthash.hash("a"), hashes.lmhash.hash("a"), hashes.mysql41.hash("a"), hashes.des_crypt.using(salt="ab").hash("a"))
context = CryptContext(schemes=["pbkdf2_sha256", "md5_crypt"], deprecated=["md5_crypt"], pbkdf2_sha256__rounds=200)
old = hashes.md5_crypt.hash("x")
print(context.verify_and_update("x", old)[0], context.needs_update(old), context.identify(old), context.to_string())
print(custom_app_context.schemes(), ldap_context.default_scheme())
factory = TOTP.using(secrets={"1": "s3cr3t"}, issuer="me")
totp = factory(key="GEZDGNBVGY3TQOJQ", label="ann")
print(totp.generate(59).token, totp.match("287082", 59).counter if totp.generate(59).token == "287082" else "none", totp.to_uri())
