"""The phone's core, driven without Kivy and against real HTTP."""
