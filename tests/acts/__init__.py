"""What people do, proven in simulation, on both databases."""
