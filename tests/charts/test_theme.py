import re
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font, LoadFlags

from kpi_analysis.charts.theme import CSS, DARK, FONTS, LIGHT, Ink, Role, css_colour, text_width


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "on_paper", "on_band"),  # as printed in the design's table
    [
        (Ink.INK, 15.1, 13.4),
        (Ink.SOFT, 6.2, 5.5),
        (Ink.LINE, 3.9, 3.5),
        (Ink.CONCERN, 5.2, 4.6),
        (Ink.IMPROVEMENT, 6.8, 6.0),
        (Ink.NEUTRAL, 7.0, 6.2),
    ],
)
def test_contrast_is_that_of_the_design(ink, on_paper, on_band):
    assert _contrast(LIGHT[ink], LIGHT[Ink.PAPER]) == pytest.approx(on_paper, abs=0.06)
    assert _contrast(LIGHT[ink], LIGHT[Ink.BAND]) == pytest.approx(on_band, abs=0.06)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_words_can_be_read_on_paper_and_band(colours):
    for ink in (Ink.INK, Ink.SOFT, Ink.CONCERN, Ink.IMPROVEMENT, Ink.NEUTRAL):
        assert _contrast(colours[ink], colours[Ink.PAPER]) >= 4.5
        assert _contrast(colours[ink], colours[Ink.BAND]) >= 4.5
    assert _contrast(colours[Ink.LINE], colours[Ink.BAND]) >= 3.0


def test_no_type_is_under_11_px():
    assert min(font.size for font in FONTS.values()) == 11


def test_every_colour_has_a_light_fallback_and_a_dark_value():
    assert css_colour(Ink.CONCERN) == "var(--kpi-concern,#b84a00)"
    dark = re.search(r"@media screen and \(prefers-color-scheme:dark\)\{:root\{(.*?)\}\}", CSS)
    assert {f"--kpi-{ink}" for ink in Ink} == set(re.findall(r"--kpi-\w+", dark.group(1)))


def test_halos_and_dark_colours_stay_off_the_printed_page():
    printed = CSS[CSS.index("@media print") :]
    assert ".kpi-halo{stroke:none}" in printed
    assert "--kpi-" not in printed
    assert CSS.count("prefers-color-scheme") == 1  # and that one is for screens, as above


def _fonts(weights: range) -> list[str]:
    """Files of the fonts that pages meet here: DejaVu always, others where installed."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    own = folder / ("DejaVuSans-Bold.ttf" if 700 in weights else "DejaVuSans.ttf")
    common = {"Inter", "Liberation Sans", "Arial", "Helvetica", "Verdana", "Roboto", "Segoe UI"}
    found = font_manager.fontManager.ttflist
    return [str(own)] + [
        entry.fname
        for entry in found
        if entry.name in common
        and entry.style == "normal"
        and font_manager.weight_dict.get(entry.weight, entry.weight) in weights
    ]


def _measured(font: FT2Font, text: str, size: float) -> float:
    font.set_size(100, 72)
    glyphs = (font.load_char(ord(letter), flags=LoadFlags.NO_HINTING) for letter in text)
    return sum(glyph.linearHoriAdvance for glyph in glyphs) / 65536 * size / 100


@pytest.mark.parametrize("role", Role)
def test_no_real_font_is_wider_than_the_table(role):
    weight = FONTS[role].weight
    letters = [chr(i) for i in range(32, 127)] + list("äöüéèçñÅØß€£°²×–—…−≤≥±’“Жя")
    texts = [*letters, "0123456789", "lower limit", "worse: 16 above average", "−1,234.5"]
    files = _fonts(range(300, 500) if weight < 500 else range(600, 701))
    for file in files:
        font = FT2Font(file)
        for text in texts:
            if all(font.get_char_index(ord(letter)) for letter in text):
                assert _measured(font, text, FONTS[role].size) <= text_width(text, role), (
                    file,
                    text,
                )


def test_marks_over_letters_take_no_room_and_wide_letters_do():
    assert (
        text_width("e\u0301", Role.WORD) == text_width("é", Role.WORD) == text_width("e", Role.WORD)
    )
    assert text_width("漢", Role.WORD) >= 12
    assert text_width("🎉", Role.WORD) >= 12 * 1.28
