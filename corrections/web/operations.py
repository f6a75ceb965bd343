"""For machines that watch: /healthz, /readyz, /metrics."""

from flask import Blueprint

bp = Blueprint("operations", __name__)
