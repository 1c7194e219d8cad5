"""structlog without its console output.

For that, structlog imports rich wherever it is installed: fifty modules, a twentieth of the imports of a start, in a
program that writes its own lines.
"""

from __future__ import annotations

import sys

_imported = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment] # whoever imports it now does without
try:
    import structlog as structlog
finally:
    if _imported is None:
        del sys.modules["rich"]
    else:
        sys.modules["rich"] = _imported
