"""Write the declarations that the plugin ships, from the code: ``make declarations``."""

import json
from pathlib import Path

from territoire_sig.worker.engine import capabilities

if __name__ == "__main__":
    path = Path(__file__).parent / "territoire_sig_qgis" / "declarations.json"
    text = json.dumps(capabilities(), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
