from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.definitions import yaml_file
from kpi_analysis.definitions.yaml_file import MOST_BYTES, parse_yaml, read_yaml
from kpi_analysis.errors import DefinitionError


def refusal(text):
    with pytest.raises(DefinitionError) as caught:
        parse_yaml(text, "a.yml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("true", True),
        ("FALSE", False),
        ("12:30", "12:30"),
        ("2025-03-01", "2025-03-01"),
        ("2025-03-01 12:00:00", "2025-03-01 12:00:00"),
        ("012", 12),  # octal 10 under YAML 1.1; YAML 1.2 writes octal as 0o12
        ("0o12", 10),
        ("0xff", 255),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("~", None),
        ("null", None),
        ("", None),
        ("=", "="),
        ("<<", "<<"),
        ("'true'", "true"),
        ('"12"', "12"),
        ("9" * 40, 10**40 - 1),
        ("9" * 5000, math.inf),
    ],
)
def test_plain_words_are_those_of_yaml_1_2(written, meant):
    found = parse_yaml(f"key: {written}\n", "a.yml").data["key"]
    assert found == meant
    assert isinstance(found, type(meant))


def test_infinity_and_not_a_number_are_numbers_that_a_field_may_refuse():
    data = parse_yaml("a: .inf\nb: -.INF\nc: .nan\nd: 1e999\n", "a.yml").data
    assert (data["a"], data["b"], data["d"]) == (math.inf, -math.inf, math.inf)
    assert math.isnan(data["c"])


def test_numbers_know_how_they_were_written_and_keys_are_text():
    file = parse_yaml("id: 012\n007: {x: 1.50}\ntrue: 1\n", "a.yml")
    assert file.data["id"].text == "012"
    assert file.data["007"]["x"].text == "1.50"
    assert list(file.data) == ["id", "007", "true"]


def test_every_key_and_value_has_its_place():
    file = parse_yaml("# head\na: 1\nb:\n  - x\n  - {c: é, d: 2}\n", "a.yml")
    assert file.keys == {
        ("a",): (2, 1),
        ("b",): (3, 1),
        ("b", 1, "c"): (5, 6),
        ("b", 1, "d"): (5, 12),
    }
    assert file.values["a",] == (2, 4)
    assert file.values["b", 0] == (4, 5)
    assert file.values["b", 1, "d"] == (5, 15)
    assert file.written(("b", "absent", 1, "c")) == ("b", 1, "c")


@pytest.mark.parametrize(
    ("braces", "meant"),
    [
        ("{do: find out why, keep it, tell}", {"do": "find out why, keep it, tell"}),
        ("{days: 10, or so, who: us}", {"days": "10, or so", "who": "us"}),
        ("{a: b, c: , d: 1}", {"a": "b", "c": None, "d": 1}),
        ("{a: 'b', c}", {"a": "b", "c": None}),
        ("{a: [1], c}", {"a": [1], "c": None}),
    ],
)
def test_a_comma_in_braces_does_not_cut_a_text_short(braces, meant):
    assert parse_yaml(f"x: {braces}\n", "a.yml").data["x"] == meant


@pytest.mark.parametrize("parser", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: b: c", "a.yml:1:5: this is not YAML at ': c': put the text in quotes"),
        ("a:\n\tb: 1", "a.yml:2:1: this is not YAML at 'b: 1': indent with spaces, not with tabs"),
        ("a: [1, 2\nb: 3", "a.yml:1:4: this is not YAML at '[1, 2': close the list with ]"),
        ("{a: 1", "a.yml:1:1: this is not YAML at '{a: 1': close the fields with }"),
        ("a: 'x\nb: 3\n", "a.yml:1:4: this is not YAML at ''x': close the quotation mark"),
        ("a: @x", "a.yml:1:4: this is not YAML at '@x': put the text in quotes"),
        ("a: 1\nowner\n", "a.yml:2:1: this is not YAML at 'owner': write every field as"),
        ("a: - 1", "a.yml:1:4: this is not YAML at '- 1': start the list's dash"),
        ("a: |\n  x\n y: 1", "a.yml:3:2: this is not YAML at 'y: 1': indent all fields"),
        ("a: *", "put text that begins with * or & in quotes"),
        ("a: &b 1\nc: *b", "a.yml:1:4: anchors (&) and aliases (*) are not read"),
        ("a: !!python/object:os.system 1", "a.yml:1:4: tags (text that begins with !)"),
        ("a: 1\nb: 2\na: 3", "a.yml:3:1: 'a' is written twice, first in line 1: keep one"),
        ("a: {b: 1, b: 2}", "a.yml:1:11: 'b' is written twice, first in line 1: keep one"),
        ("a: 1\n---\nb: 1", "a.yml:2:1: a second document starts here: keep one a file"),
        ("? [a]\n: 1", "a.yml:1:3: a key must be one word or text"),
        ("[" * 500, "a.yml:1:21: is nested more than 20 deep"),
        ("a:\n-one\n-two\n", "write a blank after the dash of a list's item"),
        (
            "a: 1\nb:\u00a0x\n",
            "a blank here is a no-break one (U+00A0): type plain blanks",
        ),
        ("a: \u200bdraft", r"a.yml:1:4: holds the unprintable character '\u200b': delete it"),
        ("a: 1\n\ufeffb: 2", r"a.yml:2:1: holds the unprintable character '\ufeff': delete it"),
        ("a: \u202eevil", r"a.yml:1:4: holds the unprintable character '\u202e': delete it"),
        ("a: 1\nb: x\x00", r"a.yml:2:5: holds the unprintable character '\x00': delete it"),
    ],
)
def test_what_is_not_read_is_said_in_one_line_with_its_cure(text, words, parser, monkeypatch):
    monkeypatch.setattr(yaml_file, "_PARSER", parser)
    said = refusal(text)
    assert words in said
    assert "\n" not in said.replace("\na.yml:2:4: anchors", "")  # the one case of two faults


def test_faults_that_leave_the_rest_readable_are_told_together():
    assert refusal("a: 1\na: 2\nb: !x 1\nc: &d 1\n").count("\n") == 2


@pytest.mark.parametrize("empty", ["", "# nothing yet\n", "---\n", "\n\n"])
def test_an_empty_file_holds_nothing(empty):
    assert parse_yaml(empty, "a.yml").data is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("name: é".encode("cp1252"), "a.yml:1:7: is not UTF-8 (byte e9; perhaps Windows-1252)"),
        ("a: 1\nname: x\u20ac".encode("cp1252"), "a.yml:2:8: is not UTF-8 (byte 80; perhaps"),
        ("name: x".encode("utf-16"), "is in the encoding UTF-16: save it as UTF-8"),
        ("name: x".encode("utf-16-le"), "is in the encoding UTF-16: save it as UTF-8"),
        (b"#" * (MOST_BYTES + 1), "is larger than 1 MB"),
    ],
)
def test_files_of_another_encoding_or_size_are_named_and_refused(tmp_path, raw, words):
    path = tmp_path / "a.yml"
    path.write_bytes(raw)
    with pytest.raises(DefinitionError) as caught:
        read_yaml(path, "a.yml")
    assert words in str(caught.value)


def test_utf_8_is_read_with_and_without_its_mark(tmp_path):
    path = tmp_path / "a.yml"
    for raw in ("é: 1\r\nb: 2\r\n".encode(), "é: 1\nb: 2\n".encode("utf-8-sig")):
        path.write_bytes(raw)
        file = read_yaml(path, "a.yml")
        assert file.data == {"é": 1, "b": 2}
        assert file.keys["é",] == (1, 1)
    path.write_bytes(b"#" * MOST_BYTES)
    assert read_yaml(path, "a.yml").data is None


def test_a_file_that_is_not_there_is_said_without_its_full_path(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        read_yaml(tmp_path / "gone.yml", "measures/gone.yml")
    assert str(caught.value) == "measures/gone.yml: cannot be read: no such file or directory"


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_and_never_breaks(text):
    try:
        faults = ()
        parse_yaml(text, "a.yml")
    except DefinitionError as error:
        faults = error.findings
    assert all(fault.line and fault.column for fault in faults)


@settings(deadline=None)  # the machine may be busy
@given(st.dictionaries(st.text("abcxyz", min_size=1), st.integers() | st.booleans() | st.none()))
def test_what_pyyaml_writes_of_plain_values_comes_back(data):
    pairs = {f"k{key}": value for key, value in data.items()}
    assert (parse_yaml(yaml.safe_dump(pairs), "a.yml").data or {}) == pairs
