"""What the phone knows and does, free of Kivy and Android."""
