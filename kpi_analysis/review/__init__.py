"""What we make of it: one team, one period, judged and worded."""
