import os
import re
import struct
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from kpi_analysis.charts.inline import svg
from kpi_analysis.charts.paint import png
from kpi_analysis.charts.theme import LIGHT, Pen
from kpi_analysis.charts.xmr_chart import phone, spark, wide
from kpi_analysis.review.picture import Note

NASTY = "<script>alert('x')</script> & \"A&amp;E\" costs $5 and $x^2$ ]]> \\alpha"
SVG = "{http://www.w3.org/2000/svg}"


def _read(drawing: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(drawing).iter(f"{SVG}text")]  # noqa: S314 - our own drawing


@pytest.mark.parametrize("size", [wide, phone, spark])
def test_a_drawing_is_one_element_that_can_stand_in_a_page(random_picture, size):
    for seed in range(12):
        scene = size(random_picture(seed))
        drawing = svg(scene)
        root = ET.fromstring(drawing)  # noqa: S314 - our own drawing
        assert root.tag == f"{SVG}svg"
        assert root.get("role") == "img"
        assert root.get("aria-label") == scene.alt
        assert root.get("class") == f"kpi-chart kpi-{size.__name__}"
        assert {child.tag for child in root.iter()} <= {
            f"{SVG}{tag}" for tag in ("svg", "g", "path", "text")
        }
        attributes = {name for child in root.iter() for name in child.attrib}
        assert "id" not in attributes
        assert not {name for name in attributes if "href" in name}
        assert "url(" not in drawing
        assert drawing.count("http") == 1  # the namespace
        assert not drawing.startswith("<?xml")


def test_every_text_of_the_scene_is_text_of_the_drawing(merger):
    for scene in (wide(merger), phone(merger)):
        assert sorted(_read(svg(scene))) == sorted(text.text for text in scene.texts)


def test_text_stands_where_the_scene_says(merger):
    scene = wide(merger)
    elements = ET.fromstring(svg(scene)).iter(f"{SVG}text")  # noqa: S314 - our own drawing
    drawn = {(e.text, float(e.get("x")), float(e.get("y"))) for e in elements}
    assert drawn == {(t.text, round(t.x, 1), round(t.y, 1)) for t in scene.texts}


def test_markup_dollars_and_quotes_come_out_as_text_once(make):
    values = [10.0 + i % 3 for i in range(30)]
    picture = make(values, title=NASTY, alt=NASTY, notes=(Note(2, NASTY),))
    drawing = svg(wide(picture))
    assert _read(drawing).count(NASTY) == 2
    assert ET.fromstring(drawing).get("aria-label") == NASTY  # noqa: S314 - our own drawing
    assert "<script" not in drawing
    assert "&amp;amp;amp;" not in drawing
    assert drawing.count("A&amp;amp;E") == 3
    png(wide(picture))  # nor does matplotlib read it as mathematics


def test_control_characters_and_line_ends_cannot_break_the_drawing(make):
    picture = make([1.0, 2, 3], title="a\x00b\x1bc\nd\u202ee\ud800", alt="x\ny\x07")
    assert _read(svg(wide(picture)))[0] == "a b c d e"


def test_colours_are_variables_with_the_light_value(merger):
    drawing = svg(wide(merger))
    assert set(re.findall(r"var\(--kpi-(\w+),(#\w{6})\)", drawing)) <= set(LIGHT.items())
    bare = re.sub(r"var\(--kpi-\w+,#\w{6}\)|aria-label=\"[^\"]*\"", "", drawing)
    assert not re.findall(r"#[0-9a-f]{3,6}", bare)


def test_each_kind_of_line_is_one_path(merger):
    scene = wide(merger)
    drawing = svg(scene)
    for pen in {line.pen for line in scene.lines}:
        assert drawing.count(f'class="kpi-{pen}"') == 1
    (limits,) = re.findall(r'class="kpi-limit"[^>]* d="([^"]*)"', drawing)
    assert limits.count("M") == len([line for line in scene.lines if line.pen is Pen.LIMIT])


def test_the_line_of_values_runs_through_the_scene_s_spots(merger):
    scene = wide(merger)
    (path,) = re.findall(r'class="kpi-value"[^>]* d="([^"]*)"', svg(scene))
    runs = [line for line in scene.lines if line.pen is Pen.VALUE]
    assert path.count("M") == len(runs) == 2
    spots = [spot for run in runs for spot in run.spots]
    for drawn, meant in zip(_spots(path), spots, strict=True):
        assert drawn == pytest.approx(meant, abs=0.0501)  # to a tenth, however far along the line


def _spots(path):
    """Walk a path of M and l, as a browser does."""
    at = (0.0, 0.0)
    for letter, numbers in re.findall(r"([Ml])([^A-Za-z]*)", path):
        found = [float(text) for text in re.findall(r"-?\d*\.?\d+", numbers)]
        for x, y in zip(found[::2], found[1::2], strict=True):
            at = (x, y) if letter == "M" else (at[0] + x, at[1] + y)
            yield at


def test_dashes_are_5_3_and_targets_round_dots(merger):
    drawing = svg(wide(merger))
    styles = dict(re.findall(r'class="kpi-([\w-]+)" style="([^"]*)"', drawing))
    assert "stroke-dasharray:5 3" in styles["limit-unsure"]
    assert "stroke-dasharray:5 3" in styles["centre-unsure"]
    assert "dasharray" not in styles["limit"] + styles["centre"] + styles["value"]
    assert "stroke-linecap:round" in styles["target"]
    widths = {
        k: re.search(r"stroke-width:([\d.]+)", v).group(1)
        for k, v in styles.items()
        if "stroke-w" in v
    }
    assert (widths["value"], widths["centre"], widths["limit"]) == ("1.6", "1.4", "1")
    assert (widths["range"], widths["drop"]) == ("1.1", "0.8")


def test_halos_are_a_class_that_the_page_can_turn_off(merger):
    drawing = svg(wide(merger))
    assert 'class="kpi-number kpi-halo"' in drawing
    assert "paint-order" not in drawing


def test_a_chart_stays_small(merger):
    assert len(svg(wide(merger)).encode()) < 14_000
    assert len(svg(spark(merger)).encode()) < 5_000


def test_bytes_are_the_same_in_another_process(merger, tmp_path):
    script = tmp_path / "draw.py"
    script.write_text(
        "import sys\n"
        "from kpi_analysis.review.picture import Picture, Point, Segment, Note\n"
        "from kpi_analysis.charts.xmr_chart import wide\n"
        "from kpi_analysis.charts.inline import svg\n"
        "from kpi_analysis.charts.paint import png\n"
        "points = tuple(Point(str(i), 'Jan', '2020', float(i % 5), 1.0) for i in range(30))\n"
        "limits = (Segment(0, 29, 2, 0, 4, 1, 3),)\n"
        "one = Picture('A', 'B', 1, points, limits, (), (Note(3, 'C'),))\n"
        "sys.stdout.buffer.write(svg(wide(one)).encode() + png(wide(one), 1))\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, script],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert svg(wide(merger)) == svg(wide(merger))


@pytest.mark.parametrize("scale", [1, 2])
def test_a_png_has_the_scene_s_size_and_a_margin(merger, scale):
    scene = spark(merger)
    image = png(scene, scale)
    assert image.startswith(b"\x89PNG")
    assert struct.unpack(">II", image[16:24]) == ((220 + 28) * scale, (48 + 28) * scale)
    assert b"matplotlib" not in image


def test_layout_does_not_import_matplotlib():
    code = (
        "import sys, kpi_analysis.charts.xmr_chart, kpi_analysis.charts.theme,"
        " kpi_analysis.charts.scene, kpi_analysis.charts.layers;"
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in ('matplotlib', 'pandas')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
