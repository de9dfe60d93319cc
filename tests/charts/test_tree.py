"""The drawing of the results map: nothing meets, nothing is lost, and the own part stands out."""

import random
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest

from kpi_analysis.charts import inline
from kpi_analysis.charts.scene import Box
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape
from kpi_analysis.charts.tree import MOST_HEIGHT, WIDTH, tree
from kpi_analysis.review.map_picture import Branch, Leaf, MapPicture, Said
from kpi_analysis.review.picture import Tone

WORDS = ["parcels", "arrive", "whole", "and", "dry", "at", "the", "door", "of everyone", "Llanfair"]
VERDICTS = [
    Said("Losing, and getting worse", Tone.CONCERN),
    Said("Winning, steady", Tone.IMPROVEMENT, "Housing repairs, Wexmoor Council"),
    Said("Steady: will hit and miss by chance", None, "Ward 4"),
    Said("Unsettled", Tone.CHANGE),
]


def words(rng, most):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, most)))


def leaf(rng, own):
    said = tuple(rng.sample(VERDICTS, rng.randint(0, 3)))
    note = "" if said else rng.choice(("", "a draft, not charted yet"))
    return Leaf(words(rng, 12), rng.random() < 0.2, own, said, note)


def branch(rng, level, deep=0):
    """A result with up to four below it, on the same or any lower level."""
    below = tuple(
        branch(rng, rng.choice([one for one in range(3) if one >= level]), deep + 1)
        for _ in range(rng.randint(0, 4) if deep < 3 else 0)
    )
    own = rng.random() < 0.3
    leaves = tuple(leaf(rng, own and n == 0) for n in range(rng.choice((0, 1, 1, 2, 3))))
    here = any(one.here for one in leaves)
    return Branch("R", words(rng, 14), level, here, not (below or leaves), leaves, below)


def random_map(seed):
    rng = random.Random(seed)
    roots = tuple(branch(rng, 0) for _ in range(rng.randint(1, 3)))
    here = rng.choice(("", "Ward 4"))
    return MapPicture(("organisation", "division", "team"), roots, here, "March 2025", "A map.")


def nodes(picture):
    return sum(1 + len(one.leaves) for one in picture.all())


def strokes(line):
    for (x0, y0), (x1, y1) in pairwise(line.spots):
        yield Box(min(x0, x1) - 0.4, min(y0, y1) - 0.4, max(x0, x1) + 0.4, max(y0, y1) + 0.4)


def assert_clear(scene, seed):
    page = Box(-8.1, 0, WIDTH + 0.01, scene.height)
    boxes = [(text.text, text.box) for text in scene.texts]
    for (a, one), (b, other) in combinations(boxes, 2):
        assert not one.meets(other), (seed, a, b)
    marks = [
        Box(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in scene.marks
    ]
    obstacles = [*marks, *(stroke for line in scene.lines for stroke in strokes(line))]
    for text, box in boxes:
        assert page.holds(box), (seed, text)
        assert not any(box.meets(one) for one in obstacles), (seed, text)
    assert all(page.holds(band) for band in scene.bands)


@pytest.mark.parametrize("chunk", range(4))
def test_in_200_maps_no_words_meet_words_lines_or_marks(chunk):
    sizes = []
    for seed in range(50 * chunk, 50 * chunk + 50):
        picture = random_map(seed)
        sizes.append(nodes(picture))
        for scene in tree(picture):
            assert_clear(scene, seed)
    assert max(sizes) > 60


def test_every_node_is_drawn_once_but_for_roots_that_go_on():
    for seed in range(60):
        picture = random_map(seed)
        texts = [text for scene in tree(picture) for text in scene.texts]
        said = [one for b in picture.all() for each in b.leaves for one in each.said]
        drawn = [mark for scene in tree(picture) for mark in scene.marks]
        assert len(drawn) == len(said)
        empty = sum(one.unmeasured for one in picture.all())
        assert sum(text.text == "no measure yet" for text in texts) == empty
        for one in picture.all():
            assert any(text.text.startswith(one.words.split()[0]) for text in texts)


def test_drawings_fit_a_sheet_of_a4_landscape():
    for seed in range(60):
        for scene in tree(random_map(seed)):
            assert scene.width <= 1032  # 297 mm less two margins of 12 mm, at 96 px an inch
            assert scene.height <= MOST_HEIGHT, seed
    flat = MapPicture(
        ("organisation", "division", "team"),
        (Branch("R", "All is well", 0, False, False, (), tuple(_team(n) for n in range(59))),),
        *("", "March 2025", "A map."),
    )
    scenes = tree(flat)
    assert nodes(flat) > 60
    assert len(scenes) > 1
    assert all(scene.height <= MOST_HEIGHT for scene in scenes)
    assert [scene.alt for scene in scenes][:2] == [
        "A map.",
        f"Results map, part 2 of {len(scenes)}",
    ]


def _team(n, own=False):
    verdict = (Said("Losing ground", Tone.CONCERN),) if own else ()
    leaves = (Leaf(f"Number of cracks in part {n}", False, own, verdict),)
    return Branch(f"T{n}", f"Part {n} holds", 2, own, False, leaves)


@pytest.fixture
def own_map():
    teams = (_team(1), _team(2, own=True), _team(3, own=True), _team(4))
    root = Branch("R", "Machines hold", 0, False, False, (), teams)
    return MapPicture(("organisation", "division", "team"), (root,), "Foundry", "May 2025", "Map")


def test_the_team_s_own_part_is_shaded_named_and_darker(own_map):
    (scene,) = tree(own_map)
    (band,) = scene.bands
    by_words = {text.text: text for text in scene.texts}
    own = [by_words[words] for words in ("Part 2 holds", "Part 3 holds", "Losing ground")]
    assert all(band.holds(text.box) for text in own)
    others = [by_words[words] for words in ("Part 1 holds", "Part 4 holds", "you are here")]
    assert not any(band.meets(text.box) for text in others)
    assert {text.ink for text in own[:2]} == {Ink.INK}
    assert {text.role for text in own[:2]} == {Role.NUMBER}
    assert {text.ink for text in others[:2]} == {Ink.SOFT}
    assert sum(text.text == "you are here" for text in scene.texts) == 1
    assert by_words["Machines hold"].ink is Ink.INK  # on the way to the own part


def test_the_own_way_is_drawn_from_the_top_to_the_measure(own_map):
    (scene,) = tree(own_map)
    own = [line.spots for line in scene.lines if line.pen is Pen.VALUE]
    texts = {text.text: text for text in scene.texts}
    ends = {spots[-1] for spots in own}
    for name in ("Part 2 holds", "Number of cracks in part 2"):
        assert (texts[name].x - 5, texts[name].y - 4) in ends
    assert own[0][0][1] == texts["Machines hold"].y - 4


def test_a_map_of_all_sets_no_team_apart(own_map):
    (scene,) = tree(MapPicture(own_map.levels, (_team(1), _team(2)), "", "", "Map"))
    assert not scene.bands
    assert {line.pen for line in scene.lines} == {Pen.HAIR}
    headings = [text.text for text in scene.texts if text.role is Role.AXIS]
    assert headings == ["team", "measure"]  # no column stands empty


@pytest.mark.parametrize(
    ("tone", "shape", "ink"),
    [
        (Tone.CONCERN, Shape.CONCERN, Ink.CONCERN),
        (Tone.IMPROVEMENT, Shape.IMPROVEMENT, Ink.IMPROVEMENT),
        (Tone.CHANGE, Shape.CHANGE, Ink.NEUTRAL),
        (None, Shape.POINT, Ink.INK),
    ],
)
def test_a_verdict_has_word_shape_and_colour(tone, shape, ink):
    measure = Leaf("Number of cracks", False, False, (Said("The verdict", tone, "Foundry"),))
    root = Branch("R", "Machines hold", 0, False, False, (measure,))
    (scene,) = tree(MapPicture(("organisation", "division", "team"), (root,), "", "", "Map"))
    assert [mark.shape for mark in scene.marks] == [shape]
    said = {text.text: text.ink for text in scene.texts}
    assert said["The verdict"] is ink
    assert said["Foundry"] is Ink.SOFT


def test_an_empty_map_has_no_drawing():
    assert tree(MapPicture(("organisation", "division", "team"), (), "", "", "Map")) == ()


def test_markup_in_a_map_comes_out_as_text():
    root = Branch("R", "Jam & <b>tea</b> $x$", 0, False, True)
    (scene,) = tree(MapPicture(("organisation", "division", "team"), (root,), "", "", 'A "map"'))
    drawing = ET.fromstring(inline.svg(scene))  # noqa: S314 our own drawing
    texts = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Jam & <b>tea</b>", "$x$"} <= set(texts) or "Jam & <b>tea</b> $x$" in texts
    assert drawing.get("aria-label") == 'A "map"'
