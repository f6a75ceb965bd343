"""The verbs of the product: the only code that changes rows. Each gets a session and an act, and never commits."""
