"""The ways out, each against a stand-in over real HTTP."""
