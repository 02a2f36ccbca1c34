"""Sessions with an adapter of their own: queries, JSON, forms, files, cookies, redirects, hooks and errors."""

import io

import requests
from requests.adapters import BaseAdapter
from requests.auth import HTTPBasicAuth


class Canned(BaseAdapter):
    def send(self, request, **options):
        response = requests.Response()
        response.request, response.url, response.status_code = request, request.url, 200
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        if request.path_url == "/old":
            response.status_code, response.headers["Location"] = 302, "/new?x=1"
        elif request.path_url == "/bad":
            response.status_code, response.reason = 503, "Busy"
        body = request.body if isinstance(request.body, str) else (request.body or b"").decode()
        response.raw = io.BytesIO(repr({"method": request.method, "url": request.url, "body": body}).replace("'", '"').encode())
        return response

    def close(self):
        pass


session = requests.Session()
session.mount("http://", Canned())
session.mount("https://", Canned())
session.headers["X-App"] = "test"
print(session.get("http://example.org/a", params={"q": ["1", "ü"], "none": None}).json())
print(session.post("https://example.org/p", data={"a": "b c"}, auth=HTTPBasicAuth("u", "p")).request.headers["Authorization"])
answer = session.get("http://example.org/old", hooks={"response": lambda r, **_: print("hook", r.status_code)})
print(answer.url, [old.status_code for old in answer.history])
try:
    session.get("http://example.org/bad").raise_for_status()
except requests.HTTPError as error:
    print(error)
prepared = requests.Request("PUT", "http://h/", json={"k": [1, None]}, cookies={"c": "1"}).prepare()
print(prepared.body, prepared.headers)
print(requests.utils.parse_header_links('<http://h/2>; rel="next"'), requests.utils.quote("a b/ü"), requests.codes.teapot)
for url in ["example.org", "ftp://h/"]:
    try:
        session.get(url)
    except requests.RequestException as error:
        print(type(error).__name__, error)
