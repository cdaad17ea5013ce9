"""Fetch the JavaScript libraries of the pictures from npm, as kgx/viz/vendor/vendor.json pins them.

    python tools/vendor.py

Each package's archive must have the pinned sha512, each file the pinned sha256; nothing is replaced
otherwise. Needs npm.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "kgx" / "viz" / "vendor"


def main() -> int:
    """Fetch all; the exit status is 1 where a checksum is not the pinned one."""
    fresh: dict[Path, bytes] = {}
    for pinned in json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8")):
        name = f"{pinned['package']}@{pinned['version']}"
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                ["npm", "pack", "--silent", name], cwd=folder, check=True, stdout=subprocess.DEVNULL
            )
            (archive,) = Path(folder).glob("*.tgz")
            found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            if found != pinned["integrity"]:
                print(f"{name}: the archive's checksum is {found}, not the pinned one", file=sys.stderr)
                return 1
            with tarfile.open(archive) as packed:
                for path, checksum in pinned["files"].items():
                    member = packed.extractfile(f"package/{path}")
                    body = member.read() if member else b""
                    if hashlib.sha256(body).hexdigest() != checksum:
                        print(f"{name}: {path} has not the pinned checksum", file=sys.stderr)
                        return 1
                    fresh[VENDOR / pinned["package"] / Path(path).name] = body
    for target, body in fresh.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        print(target.relative_to(VENDOR))
    return 0


if __name__ == "__main__":
    sys.exit(main())
