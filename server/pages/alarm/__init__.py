"""/alarms/{id}: one alarm, what to do about it step by step, and what was done."""
