"""Requests without a network: prepared requests, cookies, hooks, an adapter of our own, errors."""

import io
import os

import certifi
import charset_normalizer
import idna
import requests
from requests.adapters import BaseAdapter
from requests.auth import HTTPDigestAuth
from requests.packages import urllib3 as vendored
from requests.structures import CaseInsensitiveDict


class Canned(BaseAdapter):
    """Answers out of a dict."""

    answers = {
        "/json": (200, {"Content-Type": "application/json"}, b'{"a": [1, 2]}'),
        "/text": (200, {"Content-Type": "text/plain; charset=latin-1"}, "grün".encode("latin-1")),
        "/guess": (200, {"Content-Type": "text/plain"}, "Привет, как дела? Это проверка.".encode("cp1251")),
        "/move": (302, {"Location": "mock://host/json?moved=1"}, b""),
        "/gone": (404, {}, b"no"),
    }

    def send(self, request, **kwargs):
        status, headers, body = self.answers[request.path_url.split("?")[0]]
        response = requests.Response()
        response.status_code = status
        response.headers = CaseInsensitiveDict(headers)
        response.raw = vendored.HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.url = request.url
        response.request = request
        response.reason = requests.status_codes._codes[status][0]
        return response

    def close(self):
        pass


def main():
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "client/1.0"
    session.auth = ("user", "pass")
    session.cookies.set("k", "v")
    request = requests.Request(
        "POST",
        "https://bücher.example/a b/ö?x=1",
        params={"q": ["1", "ü"], "none": None},
        data={"field": "value", "list": ["a", "b"]},
        headers={"X-Test": "yes"},
    )
    prepared = session.prepare_request(request)
    print(prepared.method, prepared.url)
    print(sorted(prepared.headers.items()))
    print(prepared.body)
    print(session.prepare_request(requests.Request("PUT", "http://example.org", json={"b": 1, "a": None})).body)
    upload = requests.Request("POST", "http://example.org/up", files={"f": ("a.txt", b"text", "text/plain")}).prepare()
    boundary = upload.headers["Content-Type"].split("boundary=")[1]
    print(upload.body.replace(boundary.encode(), b"BOUNDARY").decode())
    print(len(boundary), HTTPDigestAuth("a", "b").username)

    session.mount("mock://", Canned())
    for path in ["json", "text", "guess", "move", "gone"]:
        response = session.get(f"mock://host/{path}")
        print(path, response.status_code, response.encoding, repr(response.text), len(response.history))
    print(session.get("mock://host/json").json())
    try:
        session.get("mock://host/gone").raise_for_status()
    except requests.HTTPError as error:
        print(error)
    for url in ["nonsense", "ftp://example.org", "http://"]:
        try:
            session.get(url)
        except requests.RequestException as error:
            print(type(error).__name__, str(error)[:60])

    print(os.path.basename(certifi.where()), certifi.contents().count("BEGIN CERTIFICATE") > 100)
    with open(requests.certs.where()) as file:
        print(len(file.read()) > 100_000)
    print(idna.encode("bücher.example"), idna.decode("xn--bcher-kva"))
    best = charset_normalizer.from_bytes("Ceci n'est pas une pipe, c'est un café à Orléans.".encode("cp1252")).best()
    print(best.encoding, str(best))
    print(vendored.util.parse_url("http://u@h:80/p?q#f"), vendored.Retry(3).total)
    print(requests.packages.idna is idna, requests.__version__)


main()
