from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from kpi_analysis.charts.scene import Anchor, Box, Scene
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape
from kpi_analysis.charts.xmr_chart import phone, spark, wide
from kpi_analysis.review.picture import Episode, Note, Segment, TargetLine, Tone

STEADY = [10.0, 12, 11, 13, 12, 10, 11, 12, 13, 11, 12, 10, 11, 13, 12, 10, 12, 11, 13, 12, 11, 12]


def _texts(scene: Scene) -> list[str]:
    return [text.text for text in scene.texts]


def _lines(scene: Scene, pen: Pen) -> list:
    return [line for line in scene.lines if line.pen is pen]


def _marks(scene: Scene, shape: Shape) -> list:
    return [mark for mark in scene.marks if mark.shape is shape]


@pytest.mark.parametrize("chunk", range(8))
def test_in_800_charts_no_text_meets_another_or_leaves_the_page(random_picture, chunk):
    for seed in range(100 * chunk, 100 * chunk + 100):
        picture = random_picture(seed)
        for scene in (wide(picture), phone(picture)):
            page = Box(-0.01, 0, scene.width + 0.01, scene.height)
            boxes = [(text.text, text.box) for text in scene.texts]
            for (a, one), (b, other) in combinations(boxes, 2):
                assert not one.meets(other), (seed, scene.format, a, b)
            for words, box in boxes:
                assert words.strip(), (seed, scene.format)
                assert page.holds(box), (seed, scene.format, words)


@pytest.mark.parametrize("chunk", range(4))
def test_everything_drawn_stays_on_the_page(random_picture, chunk):
    for seed in range(1000 + 50 * chunk, 1050 + 50 * chunk):
        picture = random_picture(seed)
        for scene in (wide(picture), phone(picture), spark(picture)):
            spots = [spot for line in scene.lines for spot in line.spots]
            spots += [(m.x, m.y) for m in scene.marks]
            spots += [(b.left, b.top) for b in scene.bands]
            spots += [(b.right, b.bottom) for b in scene.bands]
            for x, y in spots:
                assert -0.01 <= x <= scene.width + 0.01, seed
                assert -0.01 <= y <= scene.height + 0.01, seed


def test_a_real_hospital_says_what_the_design_s_picture_says(merger):
    scene = wide(merger)
    found = Counter(_texts(scene))
    # the numbers printed in the design's picture of this hospital
    for words in ("36.5", "33.3", "28.1", "19.8", "≤5", "10.3", "3.2", "average 17.5"):
        assert found[words] == 1
    assert found["worse: above limit"] == 2
    assert found["upper limit"] == found["average"] == 2
    for words in ("latest", "lower limit", "target", "provisional, 9 of 12", "jump"):
        assert found[words] == 1
    for words in ("GP at the front door", "Merger, three more sites", "change from month to month"):
        assert found[words] == 1
    years = [words for words in _texts(scene) if words.startswith("201")]
    assert years == ["2016", "2017", "2018", "2019"]


def test_a_wide_chart_has_the_size_of_the_design(merger):
    scene = wide(merger)
    assert scene.width == 720
    assert 360 <= scene.height <= 390
    assert phone(merger).width == 336
    assert (spark(merger).width, spark(merger).height) == (220, 48)


def test_texts_come_in_reading_order(merger):
    words = _texts(wide(merger))
    order = ["Patients waiting over 4 hours in A&E, % a month", "GP at the front door", "36.5"]
    order += ["33.3", "28.1", "19.8", "≤5", "40", "change from month to month", "10.3", "Apr"]
    assert [words.index(word) for word in order] == sorted(words.index(word) for word in order)


def test_the_gutter_is_level_with_its_lines(merger):
    scene = wide(merger)
    middle = {text.text: (text.box.top + text.box.bottom) / 2 for text in scene.texts}
    (target,) = _lines(scene, Pen.TARGET)
    assert middle["≤5"] == pytest.approx(target.spots[0][1], abs=2)
    centre = _lines(scene, Pen.CENTRE_UNSURE)[0]
    assert middle["28.1"] == pytest.approx(centre.spots[0][1], abs=2)


def test_the_line_breaks_at_a_gap(make):
    values = [*STEADY[:5], None, *STEADY[6:]]
    runs = _lines(wide(make(values)), Pen.VALUE)
    assert [len(run.spots) for run in runs] == [5, 16]
    assert len(_marks(wide(make(values)), Shape.POINT)) == 21


def test_the_line_breaks_where_a_segment_begins(make):
    first = Segment(0, 11, 11, 9, 13, 1, 3)
    second = Segment(12, 21, 12, 10, 14, 1, 3)
    scene = wide(make(STEADY, segments=(first, second)))
    assert [len(run.spots) for run in _lines(scene, Pen.VALUE)] == [12, 10]
    assert len(scene.bands) == 2
    assert scene.bands[0].right == pytest.approx(scene.bands[1].left)
    assert "average 11.0" in _texts(scene)


def test_a_proposal_is_dashed_without_a_band_and_breaks_nothing(make):
    proposal = Segment(14, 21, 11.7, 9, 14, None, None, proposed=True)
    plain = make(STEADY)
    scene = wide(replace(plain, segments=(*plain.segments, proposal)))
    assert len(scene.bands) == 1
    assert len(_lines(scene, Pen.LIMIT_UNSURE)) == 2
    assert len(_lines(scene, Pen.CENTRE_UNSURE)) == 1
    assert len(_lines(scene, Pen.VALUE)) == 1
    words = _texts(scene)
    assert words[words.index("proposed") - 1] == "11.7"


def test_provisional_limits_are_dashed_with_a_band(make):
    limits = Segment(0, 8, 11.5, 8, 15, 1.2, 4, provisional="provisional, 9 of 12")
    scene = wide(make(STEADY[:9], segments=(limits,)))
    assert len(scene.bands) == 1
    assert not _lines(scene, Pen.LIMIT)
    assert not _lines(scene, Pen.CENTRE)
    assert "provisional, 9 of 12" in _texts(scene)


@pytest.mark.parametrize(
    ("value", "remark"),
    [(95, "target 95 is above this chart"), (-40, "target 95 is below this chart")],
)
def test_a_target_far_off_is_said_and_not_drawn(make, value, remark):
    picture = make(STEADY, targets=(TargetLine(0, 21, value, "95"),))
    scene = wide(picture)
    assert remark in _texts(scene)
    assert "95" not in _texts(scene)
    assert not _lines(scene, Pen.TARGET)
    assert not _lines(spark(picture), Pen.TARGET)
    assert scene.bands[0].bottom - scene.bands[0].top > 100  # and nothing is squeezed for it


def test_a_target_at_less_than_0_45_of_the_span_is_drawn(make):
    # values and limits span 10 to 13: 0.45 of it reaches 14.35
    limits = (Segment(0, 21, 11.5, 10, 13, 1, 3),)
    near, far = (
        make(STEADY, segments=limits, targets=(TargetLine(0, 21, value, "x"),))
        for value in (14.34, 14.36)
    )
    assert len(_lines(wide(near), Pen.TARGET)) == 1
    assert not _lines(wide(far), Pen.TARGET)


def test_shapes_tell_signals_and_the_latest_takes_its_colour(make):
    plain = make(STEADY)
    tones = {3: Tone.CONCERN, 5: Tone.IMPROVEMENT, 21: Tone.CHANGE}
    marked = tuple(replace(p, tone=tones.get(i)) for i, p in enumerate(plain.points))
    scene = wide(replace(plain, points=marked, latest_tone=Tone.CHANGE))
    assert {shape: len(_marks(scene, shape)) for shape in Shape if _marks(scene, shape)} == {
        Shape.POINT: 19,
        Shape.CONCERN: 1,
        Shape.IMPROVEMENT: 1,
        Shape.CHANGE: 1,
        Shape.RANGE_POINT: 21,
    }
    latest = [text for text in scene.texts if text.role is Role.LATEST]
    assert [(text.text, text.ink) for text in latest] == [
        ("12.0", Ink.NEUTRAL),
        ("latest", Ink.NEUTRAL),
    ]


def test_the_words_of_a_signal_stand_by_it_and_never_on_the_values(make):
    values = [*STEADY, *[20.0] * 8]
    episode = Episode(22, 29, Tone.CONCERN, "worse: 8 above average")
    scene = wide(make(values, episodes=(episode,)))
    (text,) = [t for t in scene.texts if t.text == episode.words]
    assert text.ink is Ink.CONCERN
    assert text.halo
    spots = {spot for run in _lines(scene, Pen.VALUE) for spot in run.spots}
    assert not [1 for x, y in spots if text.box.meets(Box(x, y, x + 0.1, y + 0.1))]
    assert abs(text.box.bottom - min(y for _, y in spots)) < 30


def test_jumps_are_hollow_squares_with_one_word(make):
    plain = make(STEADY)
    chart = tuple(replace(p, jump=i in (4, 9)) for i, p in enumerate(plain.points))
    scene = wide(replace(plain, points=chart))
    assert len(_marks(scene, Shape.JUMP)) == 2
    assert "2 jumps" in _texts(scene)


def test_notes_end_just_above_their_values(make):
    picture = make(STEADY, notes=(Note(3, "Norovirus"), Note(7, "New rota", action=True)))
    scene = wide(picture)
    ends = sorted(line.spots[1] for line in _lines(scene, Pen.DROP))
    marks = sorted((m.x, m.y) for m in _marks(scene, Shape.POINT))
    for (x, foot), (at, y) in zip(ends, (marks[3], marks[7]), strict=True):
        assert x == pytest.approx(at)
        assert y - foot == pytest.approx(7)
    assert (len(_marks(scene, Shape.EVENT)), len(_marks(scene, Shape.ACTION))) == (1, 1)


def test_the_phone_shows_the_last_24_points_in_type_of_the_same_size(merger):
    scene = phone(merger)
    dots = [m for m in scene.marks if m.shape in (Shape.POINT, Shape.CONCERN)]
    assert len(dots) == 24
    assert "GP at the front door" in _texts(scene)
    assert _texts(scene).count("worse: above limit") == 1  # that of January 2017 is out of sight
    assert {"upper", "avg", "lower", "latest", "target"} <= set(_texts(scene))
    assert _texts(scene)[0] != wide(merger).texts[0].text  # the title takes two rows
    assert {text.role for text in scene.texts} == {text.role for text in wide(merger).texts}


def test_notes_segments_and_targets_before_the_last_24_are_left_out(make):
    values = [10.0 + i % 3 for i in range(40)]
    first, second = Segment(0, 15, 11, 8, 14, 1, 3), Segment(16, 39, 11, 9, 13, 1, 3)
    picture = make(
        values,
        segments=(first, second),
        notes=(Note(15, "before"), Note(16, "after")),
        targets=(TargetLine(0, 15, 9.5, "≥9.5"), TargetLine(20, 39, 10.5, "≥10.5")),
        episodes=(Episode(2, 10, Tone.CONCERN, "worse: earlier"),),
    )
    scene = phone(picture)
    assert len(scene.bands) == 1
    assert len(_lines(scene, Pen.TARGET)) == 1
    assert "after" in _texts(scene)
    assert not {"before", "worse: earlier"} & set(_texts(scene))


def test_a_spark_has_band_centre_target_line_signals_and_last_dot_but_no_text(merger):
    scene = spark(merger)
    assert scene.texts == ()
    assert {line.pen for line in scene.lines} == {
        Pen.CENTRE,
        Pen.CENTRE_UNSURE,
        Pen.TARGET,
        Pen.VALUE,
    }
    assert len(scene.bands) == 2
    assert Counter(mark.shape for mark in scene.marks) == {Shape.CONCERN: 2, Shape.POINT: 1}
    assert sum(len(line.spots) for line in scene.lines if line.pen is Pen.VALUE) == 24
    assert scene.alt == merger.alt


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_points_have_no_limits_but_their_values(make, count):
    none = Segment(0, count - 1, None, None, None, None, None)
    scene = wide(make(STEADY[:count], segments=(none,)))
    assert len(_marks(scene, Shape.POINT)) == count
    assert scene.bands == ()
    assert "latest" in _texts(scene)
    assert "average" not in _texts(scene)


def test_a_series_without_values_says_so(make):
    none = Segment(0, 11, None, None, None, None, None)
    scene = wide(make([None] * 12, segments=(none,)))
    assert "no values yet" in _texts(scene)
    assert scene.marks == ()
    assert spark(make([None] * 12, segments=(none,))).marks == ()
    assert "no values yet" in _texts(wide(make([], segments=())))


def test_a_constant_series_is_a_level_line(make):
    scene = wide(make([7.0] * 20, decimals=0))
    (run,) = _lines(scene, Pen.VALUE)
    assert len({y for _, y in run.spots}) == 1
    assert _texts(scene).count("7") == 5  # latest, two limits, average, and a number of the axis


def test_crowded_points_lose_their_dots_but_not_their_signals(make):
    plain = make([10.0 + i % 7 for i in range(160)])
    chart = [replace(p, tone=Tone.CONCERN if i == 80 else None) for i, p in enumerate(plain.points)]
    chart[40] = replace(chart[40], value=None)
    chart[42] = replace(chart[42], value=None)
    scene = wide(replace(plain, points=tuple(chart)))
    assert len(_marks(scene, Shape.CONCERN)) == 1
    assert len(_marks(scene, Shape.POINT)) == 2  # the one between two gaps, and the latest
    assert not _marks(scene, Shape.RANGE_POINT)


def test_axis_numbers_stand_left_of_the_plot_at_the_end_of_their_text(merger):
    scene = wide(merger)
    numbers = [t for t in scene.texts if t.role is Role.AXIS and t.anchor is Anchor.END]
    assert [text.text for text in numbers] == ["40", "30", "20", "10", "0"]
    assert len({text.x for text in numbers}) == 1


def test_a_picture_is_drawn_alike_twice(random_picture):
    picture = random_picture(7)
    assert wide(picture) == wide(random_picture(7))
    assert phone(picture) == phone(picture)


def test_what_has_no_words_leaves_no_empty_text(make):
    blank = make(STEADY, title="", range_title="", notes=(Note(3, ""),))
    assert all(text.text for text in wide(blank).texts)
    assert len(_marks(wide(blank), Shape.EVENT)) == 1


def test_a_point_between_two_gaps_is_seen_in_every_size(make):
    picture = make([10.0, 11, None, 14, None, *STEADY])
    for chart, dots in ((wide, 25), (phone, 23), (spark, 2)):
        scene = chart(picture)
        assert len(_marks(scene, Shape.POINT)) == dots
        lone = [m for m in _marks(scene, Shape.POINT) if m.y == min(o.y for o in scene.marks)]
        assert len(lone) == 1, scene.format


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [
        (2.2e9, "≤2,200,000,000", "≤2.200bn"),
        (95, "≥95", "≥95"),
        (-1.5e7, "≤−15,000,000", "≤−15,000,000"),
    ],
)
def test_a_target_too_long_for_the_gutter_is_written_as_the_values_are(make, value, text, shown):
    picture = make([value] * 20, decimals=0, targets=(TargetLine(0, 19, value, text),))
    assert shown in _texts(wide(picture))
