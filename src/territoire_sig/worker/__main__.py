"""Start of the worker: variables that another GIS left in the environment go before anything heavy is imported."""

from __future__ import annotations

import os
import sys

#: What QGIS sets for its own PROJ and GDAL; the libraries of this interpreter bring theirs.
FOREIGN_VARIABLES = ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH", "OGR_DRIVER_PATH")


def main() -> int:
    """Serve the one request of the standard input; return the exit code."""
    for name in FOREIGN_VARIABLES:
        os.environ.pop(name, None)
    from ..texts import set_language
    from .channel import Channel
    from .request import spoken
    from .serve import install_handlers, serve

    channel = Channel.taking_stdout()
    install_handlers(channel)
    line = sys.stdin.buffer.readline()
    set_language(spoken(line))
    return serve(line, sys.stdin.buffer, channel)


if __name__ == "__main__":
    sys.exit(main())
