"""The lone worker log: every visit and alarm, one visit's story, and both to take away."""
