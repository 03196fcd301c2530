"""/phones: the phones of a rehearsal or of the demo's made-up team, every text on them, and a way
to answer as any of them."""
