"""NNNN_what_it_does.py: one step each, never changed once it was released."""
