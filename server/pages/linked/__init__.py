"""`/a/...`: an alarm as its link in a message shows it, without signing in. See decision 16."""
