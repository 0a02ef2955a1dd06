"""Showing a diagnosis: the report for elected members, the notebook summary, the maps and their QGIS styles."""
