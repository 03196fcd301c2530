"""Why the service could tell nobody of anything, in the words of the phone and of the pages alike;
light, for the phone reads it before its first frame."""

NO_ENGINE = "Wayhome is not watching just now"
NO_WAY_OUT = "Wayhome can send no messages just now"
ADVICE = "Tell somebody where you are and when you will be out. In danger ring 999."
"""What to do instead, after either."""
