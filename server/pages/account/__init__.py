"""/account: how I sign in, and where I am signed in."""
