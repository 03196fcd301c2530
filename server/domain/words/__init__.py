"""Every text Wayhome sends: short, kind, exact; GSM-7; an alarm in one segment."""
