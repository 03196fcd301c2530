"""Twilio: texts out over its API, texts and fates back in over its signed webhooks."""
