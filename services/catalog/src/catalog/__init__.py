"""The service tray: one entry per service out of every source's descriptions, filed under themes and searchable."""
