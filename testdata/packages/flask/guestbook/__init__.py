"""The application and its routes."""

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, flash, jsonify, redirect, render_template, request, url_for


@dataclass
class Entry:
    name: str
    text: str


entries = Blueprint("entries", __name__)
ENTRIES = [Entry("Tim", "first"), Entry("Barbara", "second")]


@entries.get("/")
def index():
    return render_template("index.html", entries=ENTRIES)


@entries.get("/entries/<int:number>")
def show(number):
    if number >= len(ENTRIES):
        abort(404)
    return f"{ENTRIES[number].name}: {ENTRIES[number].text}"


@entries.post("/entries")
def add():
    ENTRIES.append(Entry(request.form["name"], request.form["text"]))
    flash("Thank you")
    return redirect(url_for("entries.index"))


@entries.route("/api/entries", methods=["GET", "POST"])
def api():
    if request.method == "POST":
        data = request.get_json()
        if "text" not in data:
            return jsonify(error="text is missing"), 400
        ENTRIES.append(Entry(**data))
    return jsonify(ENTRIES)


def create_app(config):
    app = Flask(__name__)
    app.config.from_mapping(config)
    app.register_blueprint(entries)

    @app.template_filter("shout")
    def shout(text):
        return text.upper() + "!"

    @app.errorhandler(404)
    def not_found(error):
        return render_template("missing.html", error=error), 404

    @app.cli.command("count")
    def count():
        """Count the entries."""
        import click

        click.echo(f"{len(ENTRIES)} entries")

    return app
