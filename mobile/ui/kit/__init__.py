"""Our own small kit of widgets: words, keys, cards, the cover banner, the SOS bar, the PIN pad."""
