"""YAML files in every state that an editor, a merge or a bad day can leave them in."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from bot.documents import (
    LONGEST_BY_LIBYAML,
    check,
    did_you_mean,
    load_document,
    parse_document,
)
from bot.domain.errors import ConfigError


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    days: int = 1
    words: str = ""


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    inner: Inner = Inner()
    by_name: dict[str, Inner] = {}
    many: list[Inner] = []


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        parse_document(text, file="a.yaml")
    return str(refused.value)


def complaints(text: str) -> list[str]:
    document = parse_document(text, file="a.yaml")
    check(document, Outer)
    return [str(problem).splitlines()[0] for problem in document.problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a: 1\nb: [1", "a.yaml:2: not valid YAML", id="bracket-left-open"),
        pytest.param("a:\n\t- b", "a.yaml:2: not valid YAML", id="tab"),
        pytest.param("a: 1\n---\nb: 2", "a.yaml:2: not valid YAML", id="two-documents"),
        pytest.param("a: 1\nb: \x00", "a.yaml:2: not valid YAML: special", id="control-character"),
        pytest.param("a: &x [*x]", "a.yaml:1: not valid YAML: aliases", id="holds-itself"),
        pytest.param("a: &x 1\nb: *x", "a.yaml:2: not valid YAML: aliases", id="alias"),
        pytest.param("a: &x {b: 1}\nc:\n  <<: *x", "a.yaml:3: not valid YAML", id="merge"),
        pytest.param("[" * 5000, "a.yaml: nested too deeply", id="depth-without-end"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, said: str) -> None:
    assert complaint(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("inner:\n  dais: 1", "a.yaml:2: unknown key 'dais'", id="unknown-key"),
        pytest.param(
            "inner:\n  days: 1\n  days: 2", "a.yaml:3: 'days' stands here twice", id="doubled-key"
        ),
        pytest.param(
            "many:\n  - {days: 1}\n  - days: x",
            "a.yaml:3: many.1.days: should be a whole number",
            id="in-a-list",
        ),
        pytest.param(
            "by_name:\n  kim: {}\n  sam: {days: yes}",
            "a.yaml:3: by_name.sam.days: should be a whole number",
            id="yes-is-no-number",
        ),
        pytest.param(
            "inner: {words: 17:30}", "a.yaml:1: inner.words: should be text", id="clock-unquoted"
        ),
        pytest.param(
            "inner:\n  words: !!binary aGk=",
            "a.yaml:2: inner.words: should be text",
            id="bytes-are-no-text",
        ),
        pytest.param("inner:", "a.yaml:1: inner: should be keys and values", id="empty-section"),
        pytest.param("many: {days: 1}", "a.yaml:1: many: should be a list", id="no-list"),
        pytest.param("- a", "a.yaml:1: expected keys and values", id="a-list"),
        pytest.param("hello", "a.yaml:1: expected keys and values", id="a-word"),
        pytest.param("", "a.yaml:1: expected keys and values", id="nothing"),
        pytest.param("? [a, b]\n: 1", "a.yaml:1: a key is one word", id="list-as-key"),
    ],
)
def test_what_does_not_fit_is_complained_about_with_its_line(text: str, said: str) -> None:
    [found] = complaints(text)
    assert found.startswith(said)


@pytest.mark.parametrize("value", ["!!bool maybe", "!!timestamp soon", "2026-02-31", "!!int one"])
def test_a_value_that_yaml_itself_cannot_read_is_a_complaint_and_no_crash(value: str) -> None:
    first, *_ = complaints(f"inner:\n  words: {value}")
    assert first.startswith("a.yaml:2: cannot read this value")


def test_no_tag_builds_an_object() -> None:
    found = complaints("inner:\n  words: !!python/name:os.system x")
    assert found[0].startswith("a.yaml:2: cannot read this value")


def test_the_hint_for_an_unknown_key_knows_where_it_stands() -> None:
    document = parse_document("many:\n  - {dais: 1}\nbyname: {}", file="a.yaml")
    check(document, Outer)
    assert [problem.hint for problem in document.problems] == [
        "did you mean 'days'?",
        "did you mean 'by_name'?",
    ]


def test_off_and_no_are_words_when_they_are_keys() -> None:
    assert parse_document("off: 1\nno: 2", file="a.yaml").content == {"off": 1, "no": 2}


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("name: ok\ntitle: Söhne".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"a\.yaml:2: not UTF-8 text") as refused:
        load_document(path, name="a.yaml")
    assert "hint: save it as UTF-8" in str(refused.value)


def test_the_mark_that_windows_editors_put_first_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: Kim")
    assert load_document(path).content == {"name": "Kim"}


def test_a_folder_in_place_of_a_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a\.yaml: cannot be read"):
        load_document(tmp_path, name="a.yaml")


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_document(tmp_path / "a.yaml")


def test_a_hint_names_the_nearest_word_or_else_all_of_them() -> None:
    assert did_you_mean("won_amuont", ["won_amount", "won_count"]) == "did you mean 'won_amount'?"
    assert did_you_mean("xyz", ["b", "a"]) == "known are a, b"
    assert did_you_mean("xyz", []) == ""


ROOT = Path(__file__).parents[1]
SHIPPED = [ROOT / "app.yaml", *sorted((ROOT / "playbooks").rglob("*.yaml"))]
#: What lies behind it is read by the slower of the two readers of YAML.
LONG_END = "\n#" + "." * LONGEST_BY_LIBYAML
ODD = (
    "\ufeffa: 1",
    "a: |\n  two\n  lines\nb: >-\n  one\n  line\n",
    "a: {b: [1, 2.5, ~, yes, 'é', \"\\u00e9\"], c: 2026-03-09}\n? d\n: e\n",
    "a:\n- b\n-  - c\n   - d: 1\n\n\n     e: 2\n",
    "a: &x 1\r\nb: !!str 2\r\n",
    "%YAML 1.1\n---\na: 1\n...\n",
    "# nothing but words\n",
)


@pytest.mark.parametrize(
    "text", [*ODD, *(pytest.param(path.read_text("utf-8"), id=path.name) for path in SHIPPED)]
)
def test_both_readers_of_yaml_give_the_same_content_and_lines(text: str) -> None:
    fast, slow = (parse_document(each, file="a.yaml") for each in (text, text + LONG_END))
    assert (fast.content, fast.lines, fast.problems) == (slow.content, slow.lines, slow.problems)
