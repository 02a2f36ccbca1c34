"""Makes keys from known primes, encrypts, signs, checks and stores them as PEM and DER."""

import rsa
from rsa import common, prime, transform

P, Q = 2**521 - 1, 2**607 - 1
private = rsa.PrivateKey(P * Q, 65537, pow(65537, -1, (P - 1) * (Q - 1)), P, Q)
public = rsa.PublicKey(private.n, private.e)
signature = rsa.sign(b"message", private, "SHA-256")
print(signature.hex()[:40], rsa.verify(b"message", signature, public), rsa.find_signature_hash(signature, public))
try:
    rsa.verify(b"other", signature, public)
except rsa.VerificationError as error:
    print(error)
secret = rsa.encrypt(b"attack at dawn", public)
print(len(secret), rsa.decrypt(secret, private))
try:
    rsa.encrypt(b"x" * 200, public)
except OverflowError as error:
    print(error)
pem = private.save_pkcs1()
print(pem.splitlines()[0], rsa.PrivateKey.load_pkcs1(pem) == private, rsa.PublicKey.load_pkcs1(public.save_pkcs1("DER"), "DER") == public)
print(rsa.compute_hash(b"x", "SHA-1").hex(), common.bit_size(1023), common.inverse(3, 11), common.crt([2, 3], [3, 5]), transform.bytes2int(b"\x01\x00"), prime.is_prime(97), prime.gcd(48, 18))
small, _ = rsa.newkeys(256)
print(small.n.bit_length(), small.e)
