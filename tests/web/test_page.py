"""What all templates use: sentences in the reader's language, numbers as they are written there."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale


@pytest.mark.parametrize(
    ("autoescape", "said"),
    [(True, "Said <b>&lt;i&gt;</b>: 100%"), (False, "Said <b><i></b>: 100%")],
    ids=["in a page", "in plain text"],
)
def test_values_in_a_sentence_are_escaped_where_all_is(app: Flask, autoescape: bool, said: str) -> None:
    source = (
        "{% autoescape "
        + str(autoescape).lower()
        + " %}{{ _('Said <b>%(what)s</b>: 100%%', what='<i>') }}{% endautoescape %}"
    )
    with app.test_request_context():
        assert render_template_string(source) == said


def test_numbers_are_written_as_the_language_does(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ 12345|numberformat }}") == "12,345"
        with force_locale("de"):
            assert render_template_string("{{ 12345|numberformat }}") == "12.345"
        assert render_template_string("{{ 12345|numberformat }}") == "12,345"
