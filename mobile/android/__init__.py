"""What only the build of the Android app needs: the receivers' Java, their rules, p4a's hook."""
