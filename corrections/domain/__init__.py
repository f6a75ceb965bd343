"""Rules and algorithms of the product: no Flask, no database."""
