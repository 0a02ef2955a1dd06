"""What one sees of the plugin in QGIS's window: menu, dock, pages. Loaded only when asked for."""
