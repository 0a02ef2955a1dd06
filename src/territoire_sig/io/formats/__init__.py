"""One module a published format, each with its ``READER``."""
