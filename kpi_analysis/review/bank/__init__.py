"""A bank of KPI names sorted: each checked, near-duplicates found, four piles proposed."""
