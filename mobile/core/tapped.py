"""What notifications and their buttons say, also while no Python is running."""

TAPPED = {
    "extend": "More time asked for {at}: waiting for an answer",
    "safe": "Not finished yet ({at}): waiting for an answer",
    "again": "Tap SOS again to send it. Nothing is sent yet",
    "sos": "Kept on this phone {at}: sending",
    "sos_office": "Office has it {at}",
    "signed_out": "This phone is signed out. Ring 999 if you can",
    "open": "Tap to open, and type your PIN",
    "not_kept": "This phone could not store it. Tap to open",
    "resume": "Your booking may still be running. Tap to go on",
}
"""What a notification says after one of its buttons was pressed, with nobody else awake."""

BUTTONS = {"extend": "+15 min", "safe": "Done", "sos": "SOS", "again": "SOS now"}
CHANNELS = {"visit": "Booking", "reminder": "Before it ends", "due": "When it is up"}
"""The sorts of notification, as the device's settings list them."""
