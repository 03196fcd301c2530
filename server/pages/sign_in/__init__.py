"""/sign-in: coming in and going out."""
