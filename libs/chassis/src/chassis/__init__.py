"""What every service stands on: settings, guarded consumers, outbox, inbox, health, telemetry, keys."""
