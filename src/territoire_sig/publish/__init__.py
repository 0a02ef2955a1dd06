"""Publishing: tables with their schemas, and a styled and documented GeoPackage."""
