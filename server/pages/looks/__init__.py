"""/access: who looked at my visits, my place, my history."""
