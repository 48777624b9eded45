"""What builds files of the repository; nothing here is installed."""
