"""The engine behind QGIS: ``python -I -X utf8 -m territoire_sig.worker``, JSON in, JSON lines out.

One request on the standard input, one run, one process. The protocol is told in
``docs/explication/protocole_moteur.md``. Nothing is computed here: requests are handed to the library.
"""
