"""/people: who is in the teams, who watches whom, whose number is proven, whose phone is whose."""
