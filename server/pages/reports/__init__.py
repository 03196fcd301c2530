"""What the log adds up to for a team."""
