"""What a browser calls itself, in words its owner knows again: 'Firefox on Windows'."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def say(header: str) -> str:
    """In a few words; nothing of the header itself is kept."""
    browser = next((words for mark, words in BROWSERS if mark in header), "A browser")
    system = next((words for mark, words in SYSTEMS if mark in header), None)
    return f"{browser} on {system}" if system else browser
