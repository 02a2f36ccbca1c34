"""A guestbook behind Flask's test client: routes, a template, JSON, a session, an error page."""

from guestbook import create_app


def main():
    app = create_app({"SECRET_KEY": "not a secret", "TESTING": True})
    client = app.test_client()

    for path in ["/", "/entries/1", "/entries/7", "/api/entries", "/static/style.css"]:
        response = client.get(path)
        print(path, response.status, response.content_type)
        print(response.get_data(as_text=True).strip())

    response = client.post("/entries", data={"name": "Ada <3", "text": "hello & goodbye"})
    print(response.status, response.headers["Location"])
    with client.session_transaction() as session:
        print(sorted(session.items()))
    print(client.get("/").get_data(as_text=True).strip())

    response = client.post("/api/entries", json={"name": "Grace", "text": "hi"})
    print(response.status_code, response.get_json())
    print(client.post("/api/entries", json={"name": "Nobody"}).get_json())

    with app.test_request_context("/?page=2"):
        from flask import request, url_for

        print(url_for("entries.show", number=3), request.args.get("page", type=int))
    print([str(rule) for rule in app.url_map.iter_rules()])

    runner = app.test_cli_runner()
    print(runner.invoke(args=["count"]).output.strip())


main()
