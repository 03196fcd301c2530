"""The whole system while something is broken: kills, outages, bad clocks, bad neighbours."""
