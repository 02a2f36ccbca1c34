"""Signs and checks values, with a time, for URLs, with rotated keys, and refuses forged ones."""

import itsdangerous
from itsdangerous import BadSignature, Serializer, SignatureExpired, Signer, TimestampSigner, URLSafeSerializer, URLSafeTimedSerializer

signer = Signer("secret", salt="s")
signed = signer.sign("value")
print(signed, signer.unsign(signed), signer.validate(b"value.forged"))
data = {"id": 5, "names": ["a", "ü"], "nested": {"x": None}}
for kind in (Serializer, URLSafeSerializer):
    token = kind(["old", "new"], salt="auth").dumps(data)
    print(kind.__name__, token, kind("new", salt="auth").loads(token))
    try:
        kind("other", salt="auth").loads(token)
    except BadSignature as error:
        print(error, error.payload is not None)
print(URLSafeSerializer("k").dumps("x" * 200)[:20], URLSafeSerializer("k").loads_unsafe("nothing.valid"))


class Fixed(TimestampSigner):
    def get_timestamp(self):
        return 1_700_000_000 + (0 if signing else 100)


signing = True
stamped = Fixed("secret").sign("a")
signing = False
print(stamped, Fixed("secret").unsign(stamped, max_age=200, return_timestamp=True))
try:
    Fixed("secret").unsign(stamped, max_age=50)
except SignatureExpired as error:
    print(error, error.date_signed)
print(URLSafeTimedSerializer("k").loads(URLSafeTimedSerializer("k").dumps([1])), itsdangerous.base64_encode(b"ab?"), itsdangerous.want_bytes("é"))
