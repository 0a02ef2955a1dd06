"""What the dock « Cohérence » knows, without a widget: roles and layers, what can be run, results and decisions."""
