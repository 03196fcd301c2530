"""What people and the engine do, each one transaction over the store."""
