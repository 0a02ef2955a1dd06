"""Makes the fictional territory of Valdombre: every file of ``data/sample``, from one drawing and one seed.

Run ``python -m fabrique [FOLDER]`` from ``data/sample``.
"""
