"""The devices the phone app runs on, each behind the same ports."""
