"""The read side: one module a reader of it; column tuples where a page shows many rows."""
