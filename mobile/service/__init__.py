"""The watch: the phone's core in a process of its own, which goes on when the app is gone."""
