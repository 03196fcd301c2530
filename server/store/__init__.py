"""Models and every query, one module per aggregate. Nothing else writes SQL."""
