"""What the product can carry, measured beside others in one run: `python -m benchmarks`."""
