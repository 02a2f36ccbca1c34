# /// script
# dependencies = ["starlette", "httpx", "itsdangerous"]
#
# [tool.wild]
# differs = "its test client runs the app in a second thread; httpx.ASGITransport, as in the program of fastapi, needs none"
# ///
"""Plain and async endpoints, middleware, sessions, streams, background tasks, web sockets and the test client."""

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient

log = []


def plain(request):
    request.session["n"] = request.session.get("n", 0) + 1
    return JSONResponse({"n": request.session["n"], "query": request.query_params.multi_items()}, background=BackgroundTask(log.append, "after"))


async def echo(request):
    form = await request.json()
    if "fail" in form:
        raise HTTPException(418, "teapot")
    return JSONResponse(form, headers={"x-a": "1"})


async def stream(request):
    async def parts():
        for i in range(3):
            yield f"{i}\n" * 300

    return StreamingResponse(parts(), media_type="text/plain")


async def socket(websocket):
    await websocket.accept()
    text = await websocket.receive_text()
    await websocket.send_json({"got": text})
    await websocket.close()


app = Starlette(
    routes=[Route("/", plain), Route("/echo", echo, methods=["POST"]), Mount("/sub", routes=[Route("/stream/{n:int}", stream, name="stream")]), Route("/go", lambda request: RedirectResponse(request.url_for("stream", n=3) if False else "/")), WebSocketRoute("/ws", socket)],
    middleware=[Middleware(SessionMiddleware, secret_key="not secret"), Middleware(GZipMiddleware), Middleware(CORSMiddleware, allow_origins=["*"])],
    exception_handlers={404: lambda request, error: PlainTextResponse("nothing here", 404)},
)
with TestClient(app) as client:
    print(client.get("/?a=1&a=2").json(), client.get("/").json(), log)
    print(client.post("/echo", json={"k": "ü"}).headers["x-a"], client.post("/echo", json={"fail": 1}).text)
    answer = client.get("/sub/stream/3", headers={"origin": "http://o"})
    print(len(answer.text), answer.headers["content-encoding"], answer.headers["access-control-allow-origin"])
    print(client.get("/none").text, client.get("/echo").status_code, client.get("/go").json(), app.url_path_for("stream", n=5) if False else "")
    with client.websocket_connect("/ws") as websocket:
        websocket.send_text("hello")
        print(websocket.receive_json())
