"""Rules on plain dataclasses: no database, no network, no clock."""
