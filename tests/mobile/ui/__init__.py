"""The phone app's face, drawn for real without a screen."""
