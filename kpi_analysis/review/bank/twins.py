"""Near-duplicates: names that say the same of the same thing in other words.

A name is compared by its subject: what is left without the statistic, the period and the small
words, each word cut to its stem and weighed by how rare it is in the bank. Names that differ in a
number, in a "not", in having a unit of time or money, or in a pair of opposites are no twins,
however alike they look.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpi_analysis.definitions.lint.words import listed

ALIKE = 0.8
"""Cosine of two subjects from which they are twins; chosen on data/bank.csv."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_PERIOD = re.compile(
    r"\b(?:(?:by|per|each|every|a) (?:day|week|month|quarter|year|term|shift)|daily|weekly|monthly"
    r"|quarterly|yearly|annually|annual|(?:rolling )?12[- ]month|year[- ]to[- ]date|ytd)\b"
)
_PHRASES = {r"\b[io]n[- ]time\b": "timely", r"\be-mail": "email", r"\bdays off\b": "absence"}
_SMALL = listed(
    "a an and are as at be been by did do for from had has have in into is it its of on or our per"
    " since than that the their them they this through to up was we were when which who whose will"
    " with within after due over under cent one"
    " number numbers no nr count counts percentage percent proportion share rate rates ratio"
    " average avg ave av mean median total totals sum score scores index level levels rating kpi"
    " measure figure amount all actual"
)
_NEGATIONS = listed("not without never non fail failed failing failure missed")
_SAME = (
    "staff employee personnel workforce colleague",
    "customer client consumer",
    "sickness illness sick",
    "absence absenteeism absent",
    "turnover attrition",
    "finished completed done",
    "sent despatched dispatched shipped",
    "supplier vendor",
    "accident injury",
    "phone telephone",
    "spend expenditure spending",
    "paid pay payment",
)
_OPPOSITES = (
    "open close", "early late", "new existing", "inbound outbound", "won lost", "start end",
    "admit discharge", "before after", "first last", "high low", "internal external", "male female",
    "paid unpaid", "join leave", "import export", "planned emergency", "day night", "gross net",
    "minimum maximum", "timely late", "raised resolved", "received sent", "made cancelled",
)  # fmt: skip
_ENDINGS = (
    *(
        "isation",
        "ization",
        "ation",
        "ment",
        "ance",
        "ancy",
        "ence",
        "ency",
        "ing",
        "ity",
        "ion",
        "ied",
        "ed",
    ),
    *("er", "ie", "y", "e"),
)
_LEAST_STEM = 4


def _stem(word: str) -> str:
    one = word if len(word) <= _LEAST_STEM - 1 or word.endswith("ss") else word.removesuffix("s")
    fitting = (end for end in _ENDINGS if one.endswith(end) and len(one) - len(end) >= _LEAST_STEM)
    return one.removesuffix(next(fitting, ""))


_ONE_FOR = {_stem(word): _stem(group.split()[0]) for group in _SAME for word in group.split()}
# What takes time or money is another thing than how often it happens.
_UNITS = tuple(
    frozenset(_stem(word) for word in words.split())
    for words in ("time second minute hour day week length duration", "cost price spend pound")
)
_PAIRS = tuple(frozenset(_stem(word) for word in pair.split()) for pair in _OPPOSITES)


@dataclass(frozen=True)
class Subject:
    """What a name is about: its stems, numbers among them, and whether it says "not"."""

    stems: frozenset[str]
    negated: bool

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers in the name."""
        return frozenset(stem for stem in self.stems if stem[0].isdigit())

    def apart(self, other: Subject) -> bool:
        """Tell whether something decisive differs: a number, a "not", a unit, opposites."""
        numbers = self.numbers, other.numbers
        if self.negated is not other.negated or (all(numbers) and numbers[0] != numbers[1]):
            return True
        if any(bool(unit & self.stems) is not bool(unit & other.stems) for unit in _UNITS):
            return True
        only = self.stems ^ other.stems
        undone = {f"{prefix}{stem}" for stem in only for prefix in ("un", "dis", "in", "non")}
        return bool(only & undone) or any(pair <= only for pair in _PAIRS)


def subject(name: str) -> Subject:
    """Read the subject of a name; one without a word of its own is about itself."""
    text = name.lower()
    for phrase, word in _PHRASES.items():
        text = re.sub(phrase, word, text)
    words = [re.sub(r"['’]s?$", "", word) for word in _WORD.findall(_PERIOD.sub(" ", text))]
    own = [word.replace(",", "") for word in words if word not in _SMALL]
    stems = frozenset(_ONE_FOR.get(_stem(word), _stem(word)) for word in own)
    return Subject(stems or frozenset([text.strip() or "-"]), bool(_NEGATIONS & set(words)))


def says_period(name: str) -> bool:
    """Tell whether a name says how often there is a value."""
    return bool(_PERIOD.search(name.lower()))


def twins(names: Sequence[str], best_first: Iterable[int]) -> list[int | None]:
    """Give for each name the position of the better one that says the same, or None.

    `best_first` are all positions, the best wording first: it stands for those like it, so that
    a chain of small steps cannot join names that are not alike.
    """
    subjects = [subject(name) for name in names]
    often = Counter(stem for one in subjects for stem in one.stems)
    weights = {stem: math.log(1 + len(names) / n) ** 2 for stem, n in often.items()}
    lengths = [math.sqrt(sum(weights[stem] for stem in one.stems)) for one in subjects]
    found: list[int | None] = [None] * len(names)
    leaders: defaultdict[str, list[int]] = defaultdict(list)
    for at in best_first:
        shared: defaultdict[int, float] = defaultdict(float)
        for stem in subjects[at].stems:
            for leader in leaders[stem]:
                shared[leader] += weights[stem]
        alike = [
            (weight / (lengths[at] * lengths[leader]), leader)
            for leader, weight in shared.items()
            if not subjects[at].apart(subjects[leader])
        ]
        likeness, leader = max(alike, default=(0.0, at))
        found[at] = leader if likeness >= ALIKE else None
        if found[at] is None:
            for stem in subjects[at].stems:
                leaders[stem].append(at)
    return found
