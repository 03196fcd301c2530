"""What a phone and the server say to each other: bodies, objects and problems, for both ends."""
