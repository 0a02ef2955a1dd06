"""Reading: one reader per published standard, and the door where layers are checked and reprojected."""
