"""The web door: pages for readers, the public and editors."""

from flask import Flask

from corrections.web import errors, headers, operations, page, requests


def init_app(app: Flask) -> None:
    """Plug in what all pages share, then the pages."""
    for part in (requests, headers, errors, page):
        part.init_app(app)
    # The pages come after, for they use what is plugged in above.
    from corrections.web import auth, desk, feeds, log, reader
    from corrections.web.desk import acting

    auth.init_app(app)
    for blueprint in (reader.bp, log.bp, feeds.bp, desk.bp, acting.bp, operations.bp):
        app.register_blueprint(blueprint)
