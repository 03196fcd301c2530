"""What both ends speak: states, the ladder, wire schemas, text grammar, times and numbers."""
