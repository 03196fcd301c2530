"""/procedure/{team}: what a team does about an alarm, in its own words."""
