"""/policy/document: the team's written lone worker policy, made from its live settings."""
