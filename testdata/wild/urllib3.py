# /// script
# dependencies = ["urllib3", "idna"]
# ///
"""URLs, headers, fields, retries, time-outs and responses that decode what was compressed."""

import gzip
import io

import urllib3
from urllib3.exceptions import LocationParseError, MaxRetryError
from urllib3.filepost import encode_multipart_formdata
from urllib3.util import Retry, Timeout, make_headers, parse_url

for url in ["HTTP://User:pw@Example.org:8080/a/../b%7e?q=1#f", "https://bücher.de", "//host/x", "http://[::1]:80/"]:
    print(parse_url(url), parse_url(url).host, parse_url(url).port, parse_url(url).request_uri)
headers = urllib3.HTTPHeaderDict({"A": "1"})
headers.add("a", "2")
print(headers["A"], headers.getlist("a"), make_headers(basic_auth="u:p", keep_alive=True, user_agent="me"))
body, kind = encode_multipart_formdata({"field": "value", "file": ("name.txt", b"data", "text/plain")}, boundary="xyz")
print(kind, body)
response = urllib3.HTTPResponse(io.BytesIO(gzip.compress(b"hello " * 20)), headers={"content-encoding": "gzip"}, preload_content=False)
print(response.read(12), len(response.read()), response.status)
retry = Retry(total=2, backoff_factor=0.5, status_forcelist=[503])
retry = retry.increment("GET", "/x", error=urllib3.exceptions.ProtocolError("broken"))
print(retry.total, retry.is_retry("GET", 503), retry.get_backoff_time())
try:
    retry.increment("GET", "/x").increment("GET", "/x")
except MaxRetryError as error:
    print(error.reason)
print(Timeout(connect=2, read=7), urllib3.PoolManager(num_pools=3).connection_from_url("http://h:81").port)
try:
    parse_url("http://[bad")
except LocationParseError as error:
    print(error)
