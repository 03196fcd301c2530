"""Wayhome measured against peers and limits run side by side; ratios, not absolute times."""
