"""The engine, proven in simulation: whole nights on a clock that jumps from due to due."""
