"""The world around Wayhome that its tests play in."""
