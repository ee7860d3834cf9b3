"""The tray as web pages."""
