"""Axe finds nothing serious on any page: wide and narrow, light and dark."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import axe_playwright_python
import pytest

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# What passes, and what axe cannot judge, is not written up: that took a seventh of the time.
RUN = """() => axe.run({resultTypes: ["violations"]}).then(found => found.violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => node.target).slice(0, 3).join(" | ")}`))"""


@pytest.mark.parametrize("name", ["demo", "hostile"])
def test_axe_finds_nothing_serious(sites, name, visitor, look):
    # Packs are of one make: one stands for all, as axe takes a second for each look.
    site = sites(name)
    for page in (site.index, site.walk, *site.about_all, site.packs[0]):
        tab = visitor.open(page, look(bypass_csp=True))
        tab.evaluate(AXE)
        for width, scheme in product((1280, 390), ("light", "dark")):
            tab.set_viewport_size({"width": width, "height": 844})
            tab.emulate_media(color_scheme=scheme)
            assert tab.evaluate(RUN) == [], f"{page.name} at {width}, {scheme}"


def test_axe_would_find_something(tmp_path, visitor, look):
    page = tmp_path / "bad.html"
    page.write_text("<title>x</title><p style='color:#ccc'>pale</p>", encoding="utf-8")
    tab = visitor.open(page, look(bypass_csp=True))
    tab.evaluate(AXE)
    assert any(found.startswith("color-contrast") for found in tab.evaluate(RUN))
