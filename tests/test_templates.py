"""What can be seen of a page without rendering it: its links lead somewhere, its words can be translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from jinja2 import Environment, nodes

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "templates"
STATIC: Final = ROOT / "corrections" / "static"
TEMPLATES: Final = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*"))
PAGES: Final = [name for name in TEMPLATES if name.endswith(".html")]
SOURCES: Final = sorted((ROOT / "corrections").rglob("*.py"))

READ_ALOUD: Final = {"alt", "title", "placeholder", "aria-label", "aria-description", "label", "summary"}
TRANSLATED: Final = {"_", "gettext", "ngettext", "pgettext"}
BUILT: Final = {"url_for", "static_url"}
# Names of classes that a page hands to its frame, and parameters of addresses put together by hand.
NOT_READ: Final = re.compile(r"{% block body_class %}.*?{% endblock %}|[?&]\w+=", re.DOTALL)
WORD: Final = re.compile(r"[^\W\d_]{2,}")
# A sentence or a label: it begins with a capital and goes on with another word.
SENTENCE: Final = re.compile(r"[A-Z][a-z]+ [a-z]+")


@pytest.fixture(scope="module")
def jinja(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, for its templates and its addresses; without a database."""
    from corrections import create_app

    folder = tmp_path_factory.mktemp("instance")
    return create_app({"TESTING": True, "SECRET_KEY": "a key for tests, and for nothing else"}, instance=folder)


def parsed(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse((FOLDER / name).read_text("utf-8"), name)


def calls(tree: nodes.Node, names: set[str]) -> Iterator[nodes.Call]:
    """Calls of these functions by their plain name."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in names:
            yield call


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(jinja: Flask, name: str) -> None:
    assert jinja.jinja_env.get_template(name).name == name


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_it_takes_from_others_is_there(jinja: Flask, name: str) -> None:
    for node in parsed(jinja, name).find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        if isinstance(node.template, nodes.Const):
            jinja.jinja_env.get_template(node.template.value)
    for call in calls(parsed(jinja, name), {"static_url"}):
        for argument in call.args:
            if isinstance(argument, nodes.Const):
                assert (STATIC / argument.value).is_file()


def endpoint_problems(app: Flask, endpoint: str, given: set[str], blueprint: str, *, more: bool) -> str:
    """What is wrong with a call of url_for, or ''. ``more`` says that further arguments come in a mapping."""
    full = f"{blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
    rules = list(app.url_map.iter_rules(full)) if full in app.view_functions else []
    if not rules:
        return f"there is no page {full}"
    if more or any(set(rule.arguments) - set(rule.defaults or {}) <= given for rule in rules):
        return ""
    return f"{full} needs {sorted(rules[0].arguments)}, and got {sorted(given)}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_links_lead_somewhere(jinja: Flask, name: str) -> None:
    problems = []
    for call in calls(parsed(jinja, name), {"url_for"}):
        if call.args and isinstance(call.args[0], nodes.Const):
            given = {keyword.key for keyword in call.kwargs}
            folder = name.partition("/")[0]
            problems.append(
                endpoint_problems(jinja, call.args[0].value, given, folder, more=call.dyn_kwargs is not None)
            )
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_made_in_code_lead_somewhere(jinja: Flask, path: Path) -> None:
    problems = []
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        called, endpoint = ast.unparse(call.func), call.args[0].value
        if (
            called in {"url_for", "links.absolute", "absolute"}
            and isinstance(endpoint, str)
            and not endpoint.startswith(".")
        ):
            given = {keyword.arg for keyword in call.keywords if keyword.arg}
            more = any(keyword.arg is None for keyword in call.keywords)
            problems.append(endpoint_problems(jinja, endpoint, given, "", more=more))
    assert [problem for problem in problems if problem] == []


# Nothing inline: the pages' own policy would block it


@pytest.mark.parametrize("name", PAGES)
def test_no_script_and_no_style_stands_in_the_page(name: str) -> None:
    source = re.sub(r"\{#.*?#\}", "", (FOLDER / name).read_text("utf-8"), flags=re.DOTALL)
    for script in re.findall(r"<script\b[^>]*>", source):
        assert re.search(r"\ssrc=|application/ld\+json|nonce=", script), script
    assert not re.search(r"<style\b", source) or name.startswith("mail/"), "mail has no other way"
    inline = re.findall(r"""<[^>]*?\s(on[a-z]+|style)\s*=\s*["']""", source)
    assert not [word for word in inline if word != "style" or not name.startswith("mail/")]
    assert "javascript:" not in source.lower()


# Words


class Words(HTMLParser):
    """Collects the text and the attributes that people read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in READ_ALOUD and value and WORD.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent and WORD.search(data):
            self.found.append(data.strip())


def bare_words(environment: Environment, source: str) -> list[str]:
    """Words for people that stand in a template outside of every expression."""
    text = []
    for _, kind, value in environment.lexer.tokeniter(NOT_READ.sub("", source), None):
        if kind == "data":
            text.append(value)
        elif kind == "variable_begin":
            text.append("0")  # something stands here, but no word of the template's own
    parser = Words()
    parser.feed("".join(text))
    parser.close()
    return parser.found


@pytest.mark.parametrize("name", PAGES)
def test_every_word_can_be_translated(jinja: Flask, name: str) -> None:
    assert bare_words(jinja.jinja_env, (FOLDER / name).read_text("utf-8")) == []


def untranslated_sentences(tree: nodes.Node) -> list[str]:
    """Sentences in expressions that are not handed to gettext."""
    handed = {id(const) for call in calls(tree, TRANSLATED | BUILT) for const in call.find_all(nodes.Const)}
    return [
        const.value
        for const in tree.find_all(nodes.Const)
        if isinstance(const.value, str) and SENTENCE.match(const.value) and id(const) not in handed
    ]


@pytest.mark.parametrize("name", PAGES)
def test_every_sentence_in_an_expression_is_translated(jinja: Flask, name: str) -> None:
    assert untranslated_sentences(parsed(jinja, name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_translated_words_are_whole_and_their_gaps_have_names(jinja: Flask, name: str) -> None:
    for call in calls(parsed(jinja, name), TRANSLATED):
        given = {keyword.key for keyword in call.kwargs} | {"num"}
        count = 2 if isinstance(call.node, nodes.Name) and call.node.name == "ngettext" else 1
        for sentence in call.args[:count]:
            assert isinstance(sentence, nodes.Const), (
                f"line {call.lineno}: only words that stand there can be collected"
            )
            assert not re.search(r"(?<!%)%[sdr]", sentence.value), sentence.value
            assert set(re.findall(r"(?<!%)%\((\w+)\)", sentence.value)) <= given or call.dyn_kwargs, sentence.value


def test_bare_words_would_be_seen(jinja: Flask) -> None:
    source = """<p title="Bare title">{# no #}{{ _('fine') }} <b>bare text</b><img alt="{{ _('fine') }}">
    <script>not read</script>{% if x == 'abc' %}<input placeholder="Bare hint" class="not read">{% endif %}"""
    assert bare_words(jinja.jinja_env, source) == ["Bare title", "bare text", "Bare hint"]
    tree = jinja.jinja_env.parse("{{ 'Turn it off' if x else _('Turn it on') }}{{ url_for('a', b='Not for people') }}")
    assert untranslated_sentences(tree) == ["Turn it off"]


def test_a_dead_link_would_be_seen(jinja: Flask) -> None:
    assert endpoint_problems(jinja, "log.nothing", set(), "", more=False)
    assert endpoint_problems(jinja, "log.correction", set(), "", more=False)
    assert not endpoint_problems(jinja, "log.correction", {"number"}, "", more=False)
    assert not endpoint_problems(jinja, ".index", set(), "log", more=False)
