"""Filing: how much of what concerns wellbeing the rules of the content pack file, and what they leave out."""
