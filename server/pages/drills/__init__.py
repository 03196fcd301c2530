"""/drills: would an alarm reach everybody? And /d/{token}: one person's answer to it."""
