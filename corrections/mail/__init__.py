"""The mail door: what goes out to readers and editors."""

from flask import Flask
from flask_mail import Mail

mail = Mail()


def init_app(app: Flask) -> None:
    """Connect the application with its mail server, if it has one."""
    mail.init_app(app)
