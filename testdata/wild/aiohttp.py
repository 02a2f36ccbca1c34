"""The client's classes: a session, form data, URLs, cookies, a connector that fails, and headers."""

import asyncio

import aiohttp
from aiohttp import hdrs
from multidict import CIMultiDict
from yarl import URL


class Refuse(aiohttp.BaseConnector):
    async def _create_connection(self, req, traces, timeout):
        raise aiohttp.ClientConnectionError(f"no way to {req.url.host}")


async def main():
    timeout = aiohttp.ClientTimeout(total=3, connect=1)
    async with aiohttp.ClientSession(connector=Refuse(), timeout=timeout, headers={"X-Test": "1"}) as session:
        session.cookie_jar.update_cookies({"a": "1", "b": "2"}, URL("http://example.org/"))
        print(session.cookie_jar.filter_cookies(URL("http://example.org/x")).output(header="").split("\r\n"))
        try:
            async with session.get("http://example.org/path?q=ü") as answer:
                print(answer.status)
        except aiohttp.ClientError as error:
            print(type(error).__name__, error)
        print(session.headers, session.timeout.total, session.closed)
    print(session.closed)
    form = aiohttp.FormData({"name": "value", "other": "ä b"})
    payload = form()
    print(payload.content_type, payload.size, payload._value)
    headers = CIMultiDict({hdrs.CONTENT_TYPE: "text/plain"})
    headers.add("Set-Cookie", "x=1")
    headers.add("set-cookie", "y=2")
    print(headers.getall("SET-COOKIE"), headers["content-type"])
    print(aiohttp.BasicAuth("user", "pass").encode(), URL("http://h/a b/../c").with_query(x=[1, 2]).human_repr())


asyncio.run(main())
