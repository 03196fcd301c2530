"""/ the board: who is out now, alarms above everything, and one tap to act on each."""
