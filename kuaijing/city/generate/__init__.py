"""A believable fictional Chinese river city, drawn from a seed and written as an ordinary OpenStreetMap file."""
