"""The one error of an import: the source or the options cannot be used, and nothing was written."""


class ImportRefused(ValueError):
    """Input that cannot become a city. The message names the thing, the value found and the remedy."""
