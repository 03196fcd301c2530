"""/policy: a team's ladder and times in plain words, with the plan they make beside them."""
