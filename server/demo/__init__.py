"""A made-up team and the script of its day, played through the same doors as everybody's."""
