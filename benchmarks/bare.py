"""The floor: a Flask route that does nothing, under the same server as ours."""

from flask import Flask

app = Flask(__name__)


@app.route("/", methods=["GET", "POST"])
def hello() -> str:
    """As little as a route can do."""
    return "hello"
