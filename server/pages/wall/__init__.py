"""/wall/{token}: names and how they stand, on a screen that everybody in a room can see."""
