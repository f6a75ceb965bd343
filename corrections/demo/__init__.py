"""A small invented magazine, with what its readers reported and what its editors made of it, to look round in."""
