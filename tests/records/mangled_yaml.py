"""Definitions that went wrong, made from a seed: kpi.yml or a measure's file."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SETTINGS = """name: Mangled
frequency: month
teams:
  A: {name: Team A, division: South}
  B: {name: Team B}
rules: wheeler
baseline: 24
board_limit: 7
discloses_from: 10
"""
MEASURE = """id: m
status: trial
name: Minutes, by month
result: Patients are seen soon
unit: minutes
decimals: 1
better: lower
frequency: month
evidence: [minutes on the clock]
calculation: {statistic: mean, numerator: minutes, denominator: patients}
target: {value: 30, applies_to: each value, source: standard, from: 2023-01}
could_cause: [patients who leave, patients who wait elsewhere]
valid_range: [0, 600]
data: {}
"""


@dataclass(frozen=True)
class Spoilt:
    """One file, and the lines of it (from 0) that nothing was done to."""

    how: str
    name: str
    content: bytes
    untouched: tuple[str, ...]


def spoilt_cases(seed: int) -> Iterator[Spoilt]:
    """Give spoilt definitions without end; the same seed gives the same ones."""
    chance = random.Random(seed)
    while True:
        name, text = chance.choice((("kpi.yml", SETTINGS), ("measures/m.yml", MEASURE)))
        way = chance.choice((_of_lines, _of_lines, _of_bytes, _of_bytes, _whole))
        content, touched = way(text, chance)
        lines = text.splitlines()
        kept = tuple(line for n, line in enumerate(lines) if n not in touched)
        yield Spoilt(way.__name__, name, content, kept)


def _of_lines(text: str, chance: random.Random) -> tuple[bytes, set[int]]:
    """Put something into a line that YAML reads in its own way."""
    lines, touched = text.splitlines(), set()
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        lines[at] = chance.choice((
            line[:cut] + chance.choice("\"'{}[]:,#&*!|>%@`?-\t\0\x07\u2028\ufeff\x85") + line[cut:],
            "\t" + line, "  " + line, line.replace(":", "", 1), line.replace(": ", ":", 1),
            "", line * 2,
            line.partition(":")[0] + ": " + chance.choice((
                "9" * 400, "1e999", ".nan", "-.inf", "x" * 1_000_000, "[" * 3000, "{a: " * 50,
                "*a", "&a b",
                "!!python/object:os.system x", "|", ">", "'",
                '"', "on", "null", "2023-13-45", "0o777", "~",
                "[1, 2", "{x: 1", "? a", "\\x00", '"\\ud800"', "1_000", "12:30:45", "=",
                "<<: *a", "-1",
            )),
        ))  # fmt: skip
        touched.add(at)
    return "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n", touched


def _of_bytes(text: str, chance: random.Random) -> tuple[bytes, set[int]]:
    """Change, cut or add bytes."""
    raw = bytearray(text.encode())
    touched = set()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw))
        line = bytes(raw[:at]).count(b"\n")
        touched |= {line, line + 1} if raw[at] == 10 else {line}
        raw[at] = chance.choice([one for one in range(256) if one != 10])
    return bytes(raw), touched


def _whole(text: str, chance: random.Random) -> tuple[bytes, set[int]]:
    """Put something else in the file's place, or cut it short."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
    )
    content = chance.choice((
        text.encode()[: chance.randrange(len(text))], text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-32"), b"\xef\xbb\xbf" + text.encode(), b"", b"\0" * 1000,
        bomb.encode(), b"- 1\n- 2\n",
        b"[" * 100_000, b"{" * 100_000, b"x" * 3_000_000, text.encode() + b"---\n" + text.encode(),
        text.encode() * 2, bytes(chance.randrange(256) for _ in range(500)),
        b"%YAML 9.9\n---\nx: 1\n",
        text.replace("\n", "\r\n").encode(), text.replace("\n", "\r").encode(), b"a: " * 5000,
        b"? " * 5000,
        b"- " * 50_000, text.replace("e", "\u00e9").encode("cp1252"), b"!!binary x",
        b"--- |\n" + b"x\n" * 100_000,
    ))  # fmt: skip
    return content, set(range(99))
