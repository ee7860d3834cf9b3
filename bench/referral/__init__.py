"""From the POST of a referral to its receiver."""
