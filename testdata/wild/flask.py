"""Routes with converters, a blueprint, a session, flashes, an error page and templates, by the test client."""

from flask import Blueprint, Flask, abort, flash, jsonify, redirect, render_template_string, request, session, url_for

app = Flask(__name__)
app.secret_key = "not secret"
api = Blueprint("api", __name__, url_prefix="/api")


@app.route("/hello/<name>")
def hello(name):
    session["visits"] = session.get("visits", 0) + 1
    return render_template_string("<p>{{ name|title }} {{ session.visits }} {{ get_flashed_messages() }}</p>", name=name)


@app.post("/login")
def login():
    flash(f"welcome {request.form['user']}")
    return redirect(url_for("hello", name=request.form["user"]))


@api.get("/sum/<int:a>/<int:b>")
def add(a, b):
    if a > 100:
        abort(422, "too much")
    return jsonify(sum=a + b, query=request.args.getlist("q"))


@app.errorhandler(404)
def missing(error):
    return {"error": error.name}, 404


app.register_blueprint(api)
client = app.test_client()
print(client.get("/hello/<b>bob").text)
print(client.post("/login", data={"user": "eve"}, follow_redirects=True).text)
print(client.get("/api/sum/3/4?q=1&q=2").json)
print(client.get("/api/sum/300/4").status, client.get("/none").json)
print(client.post("/login", data={}).status_code, sorted(client.options("/login").headers["Allow"].split(", ")))
print(sorted(str(rule) for rule in app.url_map.iter_rules()))
with app.test_request_context("/?x=1"):
    print(url_for("api.add", a=1, b=2, _external=True), request.args["x"])
print(app.test_cli_runner().invoke(args=["routes"]).output.splitlines()[0].split())
