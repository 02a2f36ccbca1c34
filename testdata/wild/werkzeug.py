"""Routing, requests, responses, a test client, forms with files, headers, password hashes and errors."""

import io

from werkzeug.datastructures import Accept, MultiDict, WWWAuthenticate
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.http import dump_cookie, parse_options_header, parse_range_header
from werkzeug.routing import BuildError, Map, Rule, Submount
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import Client, EnvironBuilder
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Request, Response

urls = Map([Rule("/", endpoint="home"), Submount("/blog", [Rule("/<int:year>/<any(a,b):kind>/", endpoint="post"), Rule("/f/<float:x>", endpoint="x")])])


@Request.application
def app(request):
    adapter = urls.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match()
    except HTTPException as error:
        return error
    response = Response(f"{endpoint} {values} {request.args.to_dict(flat=False)} {request.form} {sorted(request.files)}")
    response.set_cookie("seen", "1", httponly=True)
    response.add_etag()
    return response


client = Client(app)
for path in ["/?a=1&a=2", "/blog/2026/a/", "/blog/2026/c/", "/blog/2026/b", "/blog/f/2.5"]:
    answer = client.get(path)
    print(path, answer.status, answer.text[:70], answer.headers.get("Location"), answer.headers.get("Set-Cookie"))
print(client.post("/", data={"k": "v", "f": (io.BytesIO(b"data"), "a.txt")}).text, client.put("/").status_code)
adapter = urls.bind("example.org", "/")
print(adapter.build("post", {"year": 2026, "kind": "a", "q": "ü"}), adapter.build("home", force_external=True))
try:
    adapter.build("post", {"year": "x"})
except BuildError as error:
    print(str(error)[:70])
print(check_password_hash(generate_password_hash("pw", "pbkdf2:sha256:10"), "pw"), secure_filename("../../a b.txt"), parse_options_header('text/html; charset="utf-8"'))
print(parse_range_header("bytes=0-9,20-").ranges, dump_cookie("a", "b c"), Accept([("text/html", 1), ("*/*", 0.5)]).best_match(["image/png"]))
print(MultiDict([("a", 1), ("a", 2)]).getlist("a"), NotFound("gone").get_response().status, WWWAuthenticate("basic", {"realm": "x"}))
print(Request(EnvironBuilder(path="/x", json={"a": 1}, method="POST").get_environ()).json)
