"""Clients with transports of their own: URLs, streams, files, authentication, redirects, cookies, events and errors."""

import asyncio

import httpx


def handle(request):
    if request.url.path == "/old":
        return httpx.Response(301, headers={"location": "/new", "set-cookie": "c=1"})
    if request.url.path == "/slow":
        raise httpx.ReadTimeout("too slow", request=request)
    if request.url.path == "/auth" and "authorization" not in request.headers:
        return httpx.Response(401, headers={"www-authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'})
    return httpx.Response(200, json={"method": request.method, "path": str(request.url), "cookie": request.headers.get("cookie"), "size": len(request.read())})


seen = []
hooks = {"request": [lambda r: seen.append(r.method)], "response": [lambda r: seen.append(r.status_code)]}
with httpx.Client(transport=httpx.MockTransport(handle), base_url="https://example.org/api/", event_hooks=hooks, follow_redirects=True) as client:
    print(client.get("items", params={"q": "a b", "n": [1, 2]}).json())
    answer = client.get("https://example.org/old")
    print(answer.json(), answer.history, dict(client.cookies))
    print(client.post("/form", data={"a": "1"}).json()["size"], client.post("/file", files={"f": ("n.txt", b"data")}).request.headers["content-type"][:19])
    print(client.get("https://example.org/auth", auth=httpx.DigestAuth("u", "p")).request.headers["authorization"][:37])
    with client.stream("GET", "/s") as stream:
        print([len(chunk) for chunk in stream.iter_bytes(16)], stream.encoding)
    for path in ["https://example.org/slow", "nope://x"]:
        try:
            client.get(path)
        except httpx.HTTPError as error:
            print(type(error).__name__, error)
print(seen)
url = httpx.URL("HTTPS://user:pw@EXAMPLE.org:443/ä?x=1#f")
print(url, url.host, url.port, url.copy_merge_params({"y": 2}), url.join("../z"), httpx.URL("http://bücher.de").raw_host)


async def main():
    async with httpx.AsyncClient(transport=httpx.MockTransport(handle), timeout=httpx.Timeout(5, read=1)) as client:
        print([r.json()["path"] for r in await asyncio.gather(*(client.get(f"http://h/{i}") for i in range(3)))])


asyncio.run(main())
try:
    httpx.Response(500, request=httpx.Request("GET", "http://h/")).raise_for_status()
except httpx.HTTPStatusError as error:
    print(str(error).splitlines()[0])
