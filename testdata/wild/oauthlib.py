"""Signs requests of OAuth 1, makes and reads URLs, tokens and errors of OAuth 2, and runs a server's endpoint."""

from oauthlib import oauth1, oauth2
from oauthlib.common import urlencode
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationServer, RequestValidator, WebApplicationClient

client = oauth1.Client("key", client_secret="secret", resource_owner_key="token", resource_owner_secret="more", nonce="n1", timestamp="1700000000")
for method in ("HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT"):
    client.signature_method = method
    print(method, client.sign("https://example.org/api?q=a%20b", "POST", "x=1", {"Content-Type": "application/x-www-form-urlencoded"})[1]["Authorization"])
web = WebApplicationClient("id")
print(web.prepare_request_uri("https://a.org/authorize", redirect_uri="https://b.org/cb", scope=["read", "write"], state="xyz"))
print(web.parse_request_uri_response("https://b.org/cb?code=c1&state=xyz", state="xyz"), web.prepare_request_body(code="c1", redirect_uri="https://b.org/cb"))
print(web.parse_request_body_response('{"access_token": "t", "token_type": "bearer", "scope": "read write"}')["access_token"], web.add_token("https://c.org/x")[1])
print(web.create_code_challenge("verifier" * 6, "S256"), BackendApplicationClient("id").prepare_request_body(scope="a"))
for answer in ['{"error": "invalid_grant"}', "no json", '{"x": 1}']:
    try:
        web.parse_request_body_response(answer)
    except (oauth2.OAuth2Error, ValueError) as error:
        print(type(error).__name__, error)


class Validator(RequestValidator):
    def authenticate_client(self, request, *a, **k):
        request.client = type("Client", (), {"client_id": "id"})
        return request.client_secret == "ok"

    def validate_user(self, user, password, client, request, *a, **k):
        return password == "pw"

    def validate_grant_type(self, *a, **k):
        return True

    def get_default_scopes(self, *a, **k):
        return ["all"]

    def validate_scopes(self, *a, **k):
        return True

    def save_token(self, *a, **k):
        pass

    save_bearer_token = save_token


server = LegacyApplicationServer(Validator(), token_generator=lambda request, refresh_token=False: "refresh" if refresh_token else "access")
for password in ("pw", "no"):
    print(server.create_token_response("https://s.org/token", "POST", urlencode([("grant_type", "password"), ("username", "u"), ("password", password), ("client_secret", "ok")])))
