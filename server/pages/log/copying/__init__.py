"""The log to take away: as CSV, as a spreadsheet, and on paper."""
