"""The page of the KPI system's own health: all figures, no colour, no total, no team's secret."""

import re
from pathlib import Path

import kpi_analysis as kpi
from kpi_analysis.charts.scene import Box
from kpi_analysis.charts.share import strip
from kpi_analysis.charts.theme import LIGHT, Ink
from kpi_analysis.packs.shared import held, ready_to_hold, reviewed

ROOT = Path(__file__).resolve().parents[2]
COLOURS = [LIGHT[ink] for ink in (Ink.CONCERN, Ink.IMPROVEMENT, Ink.NEUTRAL)]


def parts(page):
    return (page.head.markup, page.indicators.markup, page.questions.markup, page.reading.markup)


def test_the_demo_has_all_sixteen_with_their_intervals_and_no_colour():
    page = kpi.health_page(ROOT / "data" / "demo", "2025-03", "2025-04-08")
    text = "".join(parts(page))
    every = page.health.indicators
    assert len(every) == 16
    assert all(one.question.cannot_tell in text for one in every)
    assert text.count('class="kpi-chart kpi-spark"') == sum(one.count.n > 0 for one in every)
    assert not [one for one in (*COLOURS, "kpi-red", "kpi-owed", "kpi-verdict") if one in text]
    said = re.sub("<[^>]+>", " ", text).lower()
    assert not [word for word in ("score", "traffic light", "rank", "culture") if word in said]
    assert "made on 2025-04-08" in said


def test_every_strip_says_its_count_in_words():
    page = kpi.health_page(ROOT / "data" / "demo", "2025-03")
    labels = re.findall(r'aria-label="([^"]+)"', page.indicators.markup)
    assert len(labels) == 16
    assert all(re.search(r": \d+ of \d+, \d+ % \(\d+ to \d+\)$", label) for label in labels)


def test_a_bare_workspace_says_not_recorded_and_never_nought_percent(tmp_path, organisations):
    page = kpi.health_page(organisations.depots(tmp_path / "bare"), "2025-03")
    first = page.indicators.markup
    assert page.answer == "6 indicators of 16 could be counted; 10 not recorded or held back."
    assert first.count("<b>not recorded</b>") == 10
    assert "not recorded, 0 %" not in first


def test_what_people_type_and_what_is_a_teams_alone(tmp_path, organisations):
    root = organisations.depots(tmp_path / "org")
    harm = "<script>alert(1)</script>"
    (root / "kpi.yml").write_text(f"name: '{harm}'\nbaseline: 24\n")
    file = root / "measures" / "late.yml"
    (root / "measures" / "zephyr.yml").write_text(
        file.read_text()
        .replace("id: late", "id: zephyr")
        .replace("audience: leaders", "audience: team")
    )
    text = "".join(parts(kpi.health_page(root, "2025-03")))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "zephyr" not in text


def test_it_says_the_same_from_a_month_that_is_held():
    demo, at = ROOT / "data" / "demo", kpi.Period.parse("2025-03")
    alone = parts(kpi.health_page(demo, "2025-03"))
    month = reviewed(kpi.open(demo), at)
    with held(ready_to_hold(month, month.reviews.values())):
        assert parts(kpi.health_page(demo, "2025-03")) == alone


def test_a_strip_stays_inside_and_stands_where_its_share_is():
    for share, interval in ((0.0, (0.0, 0.0)), (1.0, (0.2, 1.0)), (0.4, (0.1, 0.8))):
        scene = strip(share, interval, "said")
        page = Box(0, 0, scene.width, scene.height)
        assert all(page.holds(text.box) for text in scene.texts)
        (mark,) = scene.marks
        zero, half, one = (text.x for text in scene.texts)
        assert mark.x == zero + share * (one - zero)
        assert half == (zero + one) / 2
        assert page.holds(Box(mark.x - 4, mark.y - 4, mark.x + 4, mark.y + 4))
        assert scene.lines[-1].spots == tuple(
            (zero + end * (one - zero), mark.y) for end in interval
        )
