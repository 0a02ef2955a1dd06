"""``python -m territoire_sig.cli``: the same as ``territoire-sig``."""

from __future__ import annotations

from .app import main

if __name__ == "__main__":
    main()
