"""Encodes and decodes tokens, checks claims and keys, and tells what is wrong."""

import datetime

import jwt
from jwt.algorithms import get_default_algorithms
from jwt.utils import base64url_encode

KEY = "a secret key that is long enough for sha256, sha384 and sha512 altogether"
for algorithm in ("HS256", "HS384", "HS512"):
    token = jwt.encode({"sub": "ann", "aud": ["api"], "n": 1}, KEY, algorithm=algorithm, headers={"kid": "k1"})
    print(algorithm, token, jwt.decode(token, KEY, algorithms=[algorithm], audience="api"))
print(jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})["sub"])
past = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
attempts = [
    ({"exp": past}, {}), ({"nbf": datetime.datetime(2200, 1, 1)}, {}), ({"aud": "x"}, {"audience": "y"}), ({"iss": "a"}, {"issuer": "b"}),
    ({"a": 1}, {"options": {"require": ["exp"]}}), ({"aud": "x"}, {}), ({"iat": "soon"}, {}), ({"exp": past}, {"leeway": 10**10}),
]
for claims, options in attempts:
    try:
        print(jwt.decode(jwt.encode(claims, KEY), KEY, algorithms=["HS256"], **options))
    except jwt.InvalidTokenError as error:
        print(type(error).__name__, error)
for bad in ["x.y", "e30.e30.e30", token[:-2] + "AA"]:
    try:
        jwt.decode(bad, KEY, algorithms=["HS256", "HS512"])
    except jwt.InvalidTokenError as error:
        print(type(error).__name__, error)
print(jwt.PyJWS().decode_complete(jwt.PyJWS().encode(b"payload", KEY), KEY, ["HS256"])["payload"], sorted(get_default_algorithms())[:3], base64url_encode(b"\xff\xfe"))
print(jwt.PyJWK({"kty": "oct", "k": base64url_encode(KEY.encode()).decode(), "alg": "HS256"}).algorithm_name, jwt.encode({}, "", algorithm="none"))
