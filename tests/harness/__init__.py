"""What the tests that need whole programs share: the site, its clients, and our own reader of the formats."""
