"""What the tests of this service share: builders of activities, and a reader with a clock of its own."""
