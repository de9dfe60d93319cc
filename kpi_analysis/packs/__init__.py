"""Files out: the pages of a period, and the index over them."""
