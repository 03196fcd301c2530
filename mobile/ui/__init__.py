"""The phone app's face: shows the states of `mobile.core` and passes taps on. No more."""
