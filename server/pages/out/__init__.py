"""/out/{id}: one visit, and what can be done on the worker's behalf when she rings in."""
