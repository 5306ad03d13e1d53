"""Runs a notebook top to bottom and fails with the first error.

Usage: python notebooks/run.py NOTEBOOK OUTPUT. The executed copy, plots
included, is written to OUTPUT; the notebook itself is not changed.
"""

import os
import sys

import nbformat
from nbclient import NotebookClient

if len(sys.argv) != 3:
    sys.exit(__doc__)
notebook = nbformat.read(sys.argv[1], as_version=4)
client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": os.path.dirname(os.path.abspath(sys.argv[1]))}})
client.execute()
nbformat.write(notebook, sys.argv[2])
for cell in notebook.cells:
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            print(output.text, end="")
